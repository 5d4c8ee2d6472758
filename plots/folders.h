/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_PLOTS_FOLDERS_H
#define CLAIMPERF_PLOTS_FOLDERS_H

/*
 * The folders of the project (plots/ is in it) and of what was built (bin/claimperf-trace), to be
 * freed: from the front end, or from where this program lies, ROOT/build/bin. Ends the program when
 * neither is known.
 */
void find_folders(char **root, char **build);

#endif
