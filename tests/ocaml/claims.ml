(* SPDX-License-Identifier: GPL-2.0-only *)
(* The OCaml binding of the claim call, on a real hypervisor with two nodes at least. *)

open Xenctrl

external claimed_pages : handle -> domid -> int = "claimed_pages"
external free_pages_of_node : handle -> int -> int = "free_pages_of_node"
external stop_next_call : unit -> unit = "stop_next_call"
external is_stopped : unit -> bool = "is_stopped"
external used_bytes : unit -> int = "used_bytes"
external go_on : unit -> unit = "go_on"

let enomem = 12
let einval = 22
let enoent = 2
let e2big = 7
let pages = 4096
let failed = ref false

let check what good =
  Printf.printf "%s - %s\n%!" (if good then "ok" else "not ok") what;
  if not good then failed := true

let xc = interface_open ()

let create_domain () =
  let domid = domain_create xc {
    ssidref = 0l;
    handle = "636c6169-6d70-6572-6620-6f63616d6c00";
    flags = [CDF_HVM; CDF_HAP];
    iommu_opts = [];
    max_vcpus = 1;
    max_evtchn_port = -1;
    max_grant_frames = -1;
    max_maptrack_frames = -1;
    max_grant_version = 2;
    cpupool_id = 0l;
    arch = X86 { emulation_flags = [X86_EMU_LAPIC]; misc_flags = [] };
  } in
  domain_setmaxmem xc domid 0xfffff000L;
  domid

let domid = create_domain ()
let other = create_domain ()
let claim number target = { pages = Int64.of_int number; target }
let host number = claim number (-1l)
let set ?(domid = domid) claims = domain_claim_memory xc domid (Array.of_list claims)

let holds what number = check what (claimed_pages xc domid = number)

(* The error is of that number, and what the domain holds stays. *)
let refused what errno claims =
  let before = claimed_pages xc domid in
  let number = Printf.sprintf "%d: " errno in
  match set claims with
  | () -> check (what ^ ": not refused") false
  | exception Error text ->
    let same = String.length text > String.length number
               && String.sub text 0 (String.length number) = number in
    check (Printf.sprintf "%s: refused (%s)" what text)
      (same && claimed_pages xc domid = before)

let invalid what claims =
  let before = claimed_pages xc domid in
  match set claims with
  | () -> check (what ^ ": not refused") false
  | exception Invalid_argument text ->
    check (Printf.sprintf "%s: Invalid_argument (%s)" what text)
      (claimed_pages xc domid = before)

let test_sets () =
  set [host pages];
  holds "a host claim" pages;
  set [claim pages 0l; claim (2 * pages) 1l; host 7];
  holds "a set for two nodes and the host replaces it" (3 * pages + 7);
  set [host 0];
  holds "released" 0

(* Most of a node can be claimed unless another domain has claimed on that node. *)
let test_targets () =
  let most = free_pages_of_node xc 1 - pages / 2 in
  let other_gets_node () =
    match set ~domid:other [claim most 1l] with
    | () -> set ~domid:other [host 0]; true
    | exception Error _ -> false in
  set [claim pages 1l];
  check "a claim on node 1 is in the way of another there" (not (other_gets_node ()));
  set [claim pages 0l];
  check "a claim on node 0 is not" (other_gets_node ());
  set [host pages];
  check "nor is a host claim" (other_gets_node ())

let test_errors () =
  let tera = 1 lsl 28 in
  refused "more than a node has" enomem [claim tera 1l];
  refused "more than the host has" enomem [host tera];
  refused "more than the domain may have" einval [host (tera * tera)];
  refused "an unknown node" enoent [host 1; claim 1 50l];
  refused "the greatest node" enoent [host 1; claim 1 Int32.max_int];
  refused "a node twice" einval [claim 1 0l; claim 1 0l];
  refused "no claims" einval [];
  refused "very many claims" e2big (List.init 100 (fun n -> claim 1 (Int32.of_int n)));
  invalid "target -2" [host 1; claim 1 (-2l)];
  invalid "the least target" [claim 1 Int32.min_int];
  invalid "pages -1" [claim 1 0l; claim (-1) 1l];
  invalid "the least pages" [{ pages = Int64.min_int; target = -1l }]

(* The call stops before it asks the hypervisor; all of the heap moves meanwhile. *)
let test_threads () =
  let meanwhile () =
    while not (is_stopped ()) do Thread.yield () done;
    Gc.compact ();
    go_on () in
  let thread = Thread.create meanwhile () in
  stop_next_call ();
  (match set [claim pages 0l; claim (2 * pages) 1l; host (3 * pages)] with
   | () -> holds "another thread runs during the call" (6 * pages)
   | exception Error text ->
     check ("another thread runs during the call: " ^ text) false;
     set [host 0]);
  Thread.join thread

let round () =
  for n = 1 to 1000 do
    set [claim n 0l; host n];
    (try set [host 1; claim 1 50l] with Error _ -> ());
    (try set [claim n (-2l)] with Invalid_argument _ -> ());
    if n mod 100 = 0 then Gc.full_major ()
  done;
  holds "again and again, with collections in between" 2000;
  used_bytes ()

let test_leaks () =
  let before = round () in
  check "nothing is leaked" (round () <= before)

let () =
  test_sets ();
  test_targets ();
  test_errors ();
  test_threads ();
  test_leaks ();
  set [host 0];
  holds "released" 0;
  domain_destroy xc other;
  domain_destroy xc domid;
  interface_close xc;
  exit (if !failed then 1 else 0)
