PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO hosts VALUES(1,'unknown');
INSERT INTO hosts VALUES(2,'vm');
CREATE TABLE fingerprints (sha256 TEXT PRIMARY KEY, json TEXT NOT NULL);
INSERT INTO fingerprints VALUES('dbd5fc3aa20f89dcf1e2c53ecb64218365754dbef20bdf137e2dbbecc79cc91b','{"host":{"cpu":"Intel(R) Xeon(R) Processor","cpus":2,"history":"fresh","node_memory":"256M"},"hypervisor":{"compiler":"gcc (Debian 12.2.0-14+deb12u1) 12.2.0","config_sha256":"72fa357bb77171c491f52266e656eedf4e123dc334436ca229ceb081840cd7a5","extra_patches":0,"key":"6094afea567a11b0","library_sha256":"30960ecacdded40bb43712f348edb8fe2e19c91937e47fd4708f0148ea60a1bc","patches":0,"patches_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","variant":"baseline","xen":"xen-4.17.5+72-g01140da4e8"},"nodes":2,"plan":{"after_first":{"build":"001"},"runs":3,"seed":"7"},"scenario":{"claim":"best","repeat":1,"size":"64M"},"suite":"05c71fe","target":"host","tools":{"hyperfine":"hyperfine 1.15.0"}}');
INSERT INTO fingerprints VALUES('b32564cc72771aed289640f501a473b1e4e0779acf0d022200c6bfdbf13eb96d','{"dialect":"legacy","host":{"history":"fresh","node_cpus":1,"node_memory":1073741824},"hypervisor":{"compiler":"gcc (Debian 12.2.0-14+deb12u1) 12.2.0","config_sha256":"72fa357bb77171c491f52266e656eedf4e123dc334436ca229ceb081840cd7a5","extra_patches":0,"key":"6094afea567a11b0","library_sha256":"30960ecacdded40bb43712f348edb8fe2e19c91937e47fd4708f0148ea60a1bc","patches":0,"patches_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","variant":"baseline","xen":"xen-4.17.5+72-g01140da4e8"},"machines":2,"nodes":4,"samples":24,"suite":"05c71fe","target":"host","unit":"instructions"}');
INSERT INTO fingerprints VALUES('f21d9465eacedfffe4252f0e3ebba1e75a263873eb7fcd564b44e67270e0d9b9','{"host":{"cpu":"Intel(R) Xeon(R) Processor","cpus":2,"history":"fresh","node_memory":"256M"},"hypervisor":{"compiler":"gcc (Debian 12.2.0-14+deb12u1) 12.2.0","config_sha256":"72fa357bb77171c491f52266e656eedf4e123dc334436ca229ceb081840cd7a5","extra_patches":0,"key":"3bda4290b2a844e2","library_sha256":"461a3e21994e2d9bd889e366d79c1b128b5913d1db6db0e3d02eee9be1358307","patches":12,"patches_sha256":"ab685ab34e7ff5724f91db30393ac7d315f283197d6baf047698e63236cf37fc","variant":"claims","xen":"xen-4.17.5+72-g01140da4e8"},"nodes":2,"plan":{"after_first":{"build":"001"},"runs":3,"seed":"7"},"scenario":{"claim":"best","repeat":1,"size":"64M"},"suite":"05c71fe","target":"host","tools":{"hyperfine":"hyperfine 1.15.0"}}');
INSERT INTO fingerprints VALUES('865d3716fa821bfbf392e9d925ec5ef6980bf2204d3869c621b36bf91fc09803','{"dialect":"v6","host":{"history":"fresh","node_cpus":1,"node_memory":1073741824},"hypervisor":{"compiler":"gcc (Debian 12.2.0-14+deb12u1) 12.2.0","config_sha256":"72fa357bb77171c491f52266e656eedf4e123dc334436ca229ceb081840cd7a5","extra_patches":0,"key":"3bda4290b2a844e2","library_sha256":"461a3e21994e2d9bd889e366d79c1b128b5913d1db6db0e3d02eee9be1358307","patches":12,"patches_sha256":"ab685ab34e7ff5724f91db30393ac7d315f283197d6baf047698e63236cf37fc","variant":"claims","xen":"xen-4.17.5+72-g01140da4e8"},"machines":2,"nodes":4,"samples":24,"suite":"05c71fe","target":"host","unit":"instructions"}');
CREATE TABLE runs (
	id TEXT PRIMARY KEY,
	time TEXT NOT NULL,
	imported TEXT NOT NULL,
	host INTEGER NOT NULL REFERENCES hosts (id),
	target TEXT NOT NULL,
	variant TEXT NOT NULL,
	nodes INTEGER NOT NULL,
	seed TEXT,
	plan TEXT,
	fingerprint TEXT NOT NULL REFERENCES fingerprints (sha256),
	environment TEXT NOT NULL, night TEXT, role TEXT	CHECK (role IN ('reference', 'tonight', 'before', 'after')), pinned INTEGER NOT NULL DEFAULT 0);
INSERT INTO runs VALUES('f69692477e64ab8ff2f255bcc3d725d954d709fb95c03826551fa6de3a70139f','2026-11-30T05:20:28Z','2026-11-30T18:58:22Z',1,'host','baseline',2,'7','{"after_first":{"build":"001"},"runs":3,"seed":"7"}','dbd5fc3aa20f89dcf1e2c53ecb64218365754dbef20bdf137e2dbbecc79cc91b','35a24d8f839931dd5282b9510f6909b17eb4c07282a224acfc70a3a6b8a688a8',NULL,NULL,0);
INSERT INTO runs VALUES('37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a','2026-11-30T05:20:31Z','2026-11-30T18:58:22Z',2,'host','baseline',4,NULL,NULL,'b32564cc72771aed289640f501a473b1e4e0779acf0d022200c6bfdbf13eb96d','8cbfe727d26882a3f9337b63ae0c4c9b2a149ce856678c01ac09f95ebaa7dbcb',NULL,NULL,0);
INSERT INTO runs VALUES('d45c1b3a6073a033cd04f53efc3fe71f896983192a3d07c40f58a3fbefb786d8','2026-11-30T05:20:29Z','2026-11-30T18:58:22Z',1,'host','claims',2,'7','{"after_first":{"build":"001"},"runs":3,"seed":"7"}','f21d9465eacedfffe4252f0e3ebba1e75a263873eb7fcd564b44e67270e0d9b9','35a24d8f839931dd5282b9510f6909b17eb4c07282a224acfc70a3a6b8a688a8',NULL,NULL,0);
INSERT INTO runs VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b','2026-11-30T05:20:16Z','2026-11-30T18:58:22Z',2,'host','claims',4,NULL,NULL,'865d3716fa821bfbf392e9d925ec5ef6980bf2204d3869c621b36bf91fc09803','8cbfe727d26882a3f9337b63ae0c4c9b2a149ce856678c01ac09f95ebaa7dbcb','2026-11-30','tonight',1);
CREATE TABLE files (
	run TEXT NOT NULL REFERENCES runs (id),
	path TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	bytes BIGINT NOT NULL,
	PRIMARY KEY (run, path));
INSERT INTO files VALUES('f69692477e64ab8ff2f255bcc3d725d954d709fb95c03826551fa6de3a70139f','baseline-scenario.json','f69692477e64ab8ff2f255bcc3d725d954d709fb95c03826551fa6de3a70139f',1589);
INSERT INTO files VALUES('37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a','baseline.json','37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a',3052);
INSERT INTO files VALUES('37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a','baseline.d/populate_order_0_node_any_claim_none/profile.txt','0b4580929c2a4497c861d3f6a8d44bcc6a5e692f57d0f1dd18c07b525bb11a87',291);
INSERT INTO files VALUES('d45c1b3a6073a033cd04f53efc3fe71f896983192a3d07c40f58a3fbefb786d8','claims-scenario.json','d45c1b3a6073a033cd04f53efc3fe71f896983192a3d07c40f58a3fbefb786d8',1619);
INSERT INTO files VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b','claims.json','03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b',22226);
INSERT INTO files VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b','claims.d/populate_order_0_node_any_claim_node/profile.txt','59c503f8abf73d6cd0a5380467434753974d0ec3b3204b16d6f7e3e431ec7d58',287);
INSERT INTO files VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b','claims.d/populate_order_0_node_any_claim_none/profile.txt','2c1011c61f76c0a706b4de2d9ec84b35dfe0b59f8ec4cca23b56abc352a63288',262);
CREATE TABLE metrics (
	id INTEGER PRIMARY KEY,
	case_name TEXT NOT NULL,
	name TEXT NOT NULL,
	unit TEXT NOT NULL,
	per TEXT NOT NULL,
	UNIQUE (case_name, name, unit, per));
INSERT INTO metrics VALUES(1,'scenario/build','value','ns','run');
INSERT INTO metrics VALUES(2,'populate/order:0/node:any/claim:none','value','instructions','extent');
INSERT INTO metrics VALUES(3,'populate/order:0/node:any/claim:none','time','tsc','extent');
INSERT INTO metrics VALUES(4,'populate/order:0/node:any/claim:node','value','instructions','extent');
INSERT INTO metrics VALUES(5,'populate/order:0/node:any/claim:node','time','tsc','extent');
CREATE TABLE figures (
	run TEXT NOT NULL REFERENCES runs (id),
	metric INTEGER NOT NULL REFERENCES metrics (id),
	kind TEXT NOT NULL CHECK (kind IN ('exact', 'noisy')),
	ops BIGINT NOT NULL,
	samples BIGINT NOT NULL,
	least BIGINT NOT NULL,
	median DOUBLE PRECISION NOT NULL,
	p90 BIGINT NOT NULL,
	p99 BIGINT NOT NULL,
	greatest BIGINT NOT NULL,
	mean DOUBLE PRECISION NOT NULL,
	PRIMARY KEY (run, metric));
INSERT INTO figures VALUES('f69692477e64ab8ff2f255bcc3d725d954d709fb95c03826551fa6de3a70139f',1,'noisy',1,3,4456618,4685576.0,9078282,9078282,9078282,6073492.0);
INSERT INTO figures VALUES('37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a',2,'exact',256,24,210240,210352.0,210688,210856,210856,210389.33333333334303);
INSERT INTO figures VALUES('37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a',3,'noisy',256,10,52514,63761.0,101920,31343404,31343404,3195655.7999999998136);
INSERT INTO figures VALUES('d45c1b3a6073a033cd04f53efc3fe71f896983192a3d07c40f58a3fbefb786d8',1,'noisy',1,3,4514450,4553553.0,16136122,16136122,16136122,8401375.0);
INSERT INTO figures VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b',2,'exact',256,24,208960,209072.0,209408,209576,209576,209109.33333333334303);
INSERT INTO figures VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b',3,'noisy',256,717,49248,49870.0,50266,74764,5433244,61923.221757322178745);
INSERT INTO figures VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b',4,'exact',256,24,217920,218032.0,218368,218536,218536,218069.33333333334303);
INSERT INTO figures VALUES('03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b',5,'noisy',256,725,48188,48958.0,50120,140764,10601418,74570.968275862062001);
CREATE TABLE unmeasured (
	run TEXT NOT NULL REFERENCES runs (id),
	case_name TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('skipped', 'failed')),
	reason TEXT NOT NULL,
	PRIMARY KEY (run, case_name));
INSERT INTO unmeasured VALUES('37d7337bce98e5db420e222dd2f735997aa4dc35cf1a181a220598fe5c386c9a','populate/order:0/node:any/claim:node','skipped','this hypervisor has no claim sets (domctl 91)');
CREATE INDEX runs_by_time ON runs (time, id);
CREATE INDEX files_by_sha256 ON files (sha256);
CREATE INDEX figures_by_metric ON figures (metric);
CREATE INDEX runs_by_night ON runs (night);
PRAGMA application_id = 1668051046;
PRAGMA user_version = 2;
COMMIT;
