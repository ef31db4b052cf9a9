// Stores looked at from outside: always a copy, so that looking mends nothing.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// Calls `look` with a database that holds what the file and its log hold at this moment.
export async function opened(file, look) {
  const folder = await mkdtemp(`${file}.look-`);
  try {
    const copy = join(folder, 'copy.sqlite');
    await copyFile(file, copy);
    if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${copy}-wal`);
    const db = new DatabaseSync(copy);
    try {
      return look(db);
    } finally {
      db.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function isSound(db) {
  assert.deepEqual(db.prepare('PRAGMA integrity_check').all().map((r) => Object.values(r)[0]), ['ok']);
  assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), []);
}

const hasRounds = (db) => db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'round'").get().n > 0;
const rows = (db, sql) => (hasRounds(db) ? db.prepare(sql).all().map((r) => Object.values(r).join('|')) : []);

// What was measured, times aside: how long a server took is not the same twice.
export const cells = (db) => rows(db, `SELECT r.date, g.code, e.url, c.reason_id, c.step, a.http_status, a.era, a.transport, a.protocol, a.server_name, a.tool_count, a.detail,
  a.warnings, hex(m.full_hash), u.posture, p.address FROM cell c JOIN round r ON r.id = c.round_id JOIN region g ON g.id = c.region_id JOIN endpoint e ON e.id = c.endpoint_id
  LEFT JOIN answer a ON a.id = c.answer_id LEFT JOIN manifest m ON m.id = a.manifest_id LEFT JOIN auth u ON u.id = a.auth_id LEFT JOIN path p ON p.id = c.path_id
  ORDER BY r.date, g.code, e.url`);

// To the millisecond: a cell that was stored is never measured again.
export const stored = (db) => rows(db, 'SELECT round_id, region_id, endpoint_id, waited_ms, hex(times), tries FROM cell ORDER BY 1, 2, 3');

export const verdicts = (db) => rows(db, `SELECT r.date, r.state, e.url, v.state_id, v.reason_id, v.bucket_id, v.flags, v.valid, v.good, v.streak FROM round r
  JOIN verdict v ON v.round_id = r.id JOIN endpoint e ON e.id = v.endpoint_id ORDER BY r.date, e.url`);

export const done = (db, date) => rows(db, `SELECT 1 FROM round WHERE state = 'judged' AND date = '${date}'`).length > 0;
