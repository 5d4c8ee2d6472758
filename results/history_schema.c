// SPDX-License-Identifier: GPL-2.0-only
#include "results/history_schema.h"

#include <errno.h>
#include <stdio.h>

/*
 * Each brings the schema from one version to the next. What was released is never changed: add
 * another one, and the last version's database to tests/data/history.
 */
static const char *const migrations[] = {
	"CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);\n"
	"CREATE TABLE fingerprints (sha256 TEXT PRIMARY KEY, json TEXT NOT NULL);\n"
	"CREATE TABLE runs (\n"
	"	id TEXT PRIMARY KEY,\n"
	"	time TEXT NOT NULL,\n"
	"	imported TEXT NOT NULL,\n"
	"	host INTEGER NOT NULL REFERENCES hosts (id),\n"
	"	target TEXT NOT NULL,\n"
	"	variant TEXT NOT NULL,\n"
	"	nodes INTEGER NOT NULL,\n"
	"	seed TEXT,\n"
	"	plan TEXT,\n"
	"	fingerprint TEXT NOT NULL REFERENCES fingerprints (sha256),\n"
	"	environment TEXT NOT NULL);\n"
	"CREATE INDEX runs_by_time ON runs (time, id);\n"
	"CREATE TABLE files (\n"
	"	run TEXT NOT NULL REFERENCES runs (id),\n"
	"	path TEXT NOT NULL,\n"
	"	sha256 TEXT NOT NULL,\n"
	"	bytes BIGINT NOT NULL,\n"
	"	PRIMARY KEY (run, path));\n"
	"CREATE INDEX files_by_sha256 ON files (sha256);\n"
	"CREATE TABLE metrics (\n"
	"	id INTEGER PRIMARY KEY,\n"
	"	case_name TEXT NOT NULL,\n"
	"	name TEXT NOT NULL,\n"
	"	unit TEXT NOT NULL,\n"
	"	per TEXT NOT NULL,\n"
	"	UNIQUE (case_name, name, unit, per));\n"
	"CREATE TABLE figures (\n"
	"	run TEXT NOT NULL REFERENCES runs (id),\n"
	"	metric INTEGER NOT NULL REFERENCES metrics (id),\n"
	"	kind TEXT NOT NULL CHECK (kind IN ('exact', 'noisy')),\n"
	"	ops BIGINT NOT NULL,\n"
	"	samples BIGINT NOT NULL,\n"
	"	least BIGINT NOT NULL,\n"
	"	median DOUBLE PRECISION NOT NULL,\n"
	"	p90 BIGINT NOT NULL,\n"
	"	p99 BIGINT NOT NULL,\n"
	"	greatest BIGINT NOT NULL,\n"
	"	mean DOUBLE PRECISION NOT NULL,\n"
	"	PRIMARY KEY (run, metric));\n"
	"CREATE INDEX figures_by_metric ON figures (metric);\n"
	"CREATE TABLE unmeasured (\n"
	"	run TEXT NOT NULL REFERENCES runs (id),\n"
	"	case_name TEXT NOT NULL,\n"
	"	state TEXT NOT NULL CHECK (state IN ('skipped', 'failed')),\n"
	"	reason TEXT NOT NULL,\n"
	"	PRIMARY KEY (run, case_name));\n",
	/* Nights of claimperf nightly, and what is not to be pruned. */
	"ALTER TABLE runs ADD COLUMN night TEXT;\n"
	"ALTER TABLE runs ADD COLUMN role TEXT"
	"	CHECK (role IN ('reference', 'tonight', 'before', 'after'));\n"
	"ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;\n"
	"CREATE INDEX runs_by_night ON runs (night);\n",
	/*
	 * Many hosts, and what they are. Figures by the millions: rows are a third narrower, and a
	 * list of runs looks at none.
	 */
	"ALTER TABLE hosts ADD COLUMN type TEXT;\n"
	"ALTER TABLE runs ADD COLUMN number INTEGER;\n"
	"UPDATE runs SET number = o.number FROM"
	"	(SELECT id, row_number() OVER (ORDER BY time, id) AS number FROM runs) o"
	"	WHERE o.id = runs.id;\n"
	"CREATE UNIQUE INDEX runs_by_number ON runs (number);\n"
	"DROP INDEX figures_by_metric;\n"
	"ALTER TABLE figures RENAME TO old_figures;\n"
	"CREATE TABLE figures (\n"
	"	run INTEGER NOT NULL REFERENCES runs (number),\n"
	"	metric INTEGER NOT NULL REFERENCES metrics (id),\n"
	"	kind TEXT NOT NULL CHECK (kind IN ('exact', 'noisy')),\n"
	"	ops BIGINT NOT NULL,\n"
	"	samples BIGINT NOT NULL,\n"
	"	least BIGINT NOT NULL,\n"
	"	median DOUBLE PRECISION NOT NULL,\n"
	"	p90 BIGINT NOT NULL,\n"
	"	p99 BIGINT NOT NULL,\n"
	"	greatest BIGINT NOT NULL,\n"
	"	mean DOUBLE PRECISION NOT NULL,\n"
	"	PRIMARY KEY (run, metric));\n"
	"INSERT INTO figures SELECT r.number, f.metric, f.kind, f.ops, f.samples, f.least, "
	"f.median,"
	"	f.p90, f.p99, f.greatest, f.mean FROM old_figures f JOIN runs r ON r.id = f.run;\n"
	"DROP TABLE old_figures;\n"
	/* With all that there is, so that who asks for a case reads what lies side by side. */
	"CREATE INDEX figures_by_metric ON figures (metric, run, kind, ops, samples, least, median,"
	"	p90, p99, greatest, mean);\n"
	"ALTER TABLE runs ADD COLUMN cases INTEGER NOT NULL DEFAULT 0;\n"
	"UPDATE runs SET cases = (SELECT count(DISTINCT m.case_name) FROM figures f"
	"	JOIN metrics m ON m.id = f.metric WHERE f.run = runs.number);\n",
};

uint32_t schema_version(void)
{
	return sizeof(migrations) / sizeof(*migrations);
}

/* Somebody else may have done it meanwhile: what counts is the version within the transaction. */
static int migrate(struct db *db)
{
	uint32_t version;
	int ret = db_begin(db);

	if (!ret)
		ret = db_get_version(db, &version);
	for (; !ret && version < schema_version(); version++)
		ret = db_script(db, migrations[version]);
	if (!ret)
		ret = db_set_version(db, schema_version());
	if (!ret)
		ret = db_commit(db);
	if (ret)
		db_rollback(db);
	return ret;
}

int schema_upgrade(struct db *db, const char *path, char error[DB_ERROR_SIZE])
{
	uint32_t version;
	int ret = db_get_version(db, &version);

	if (ret || version == schema_version())
		return ret;
	if (version < schema_version())
		return migrate(db);
	snprintf(error, DB_ERROR_SIZE,
		 "%s: a newer claimperf wrote it: its schema is version %u, this program knows up "
		 "to %u",
		 path, version, schema_version());
	return -ENOTSUP;
}
