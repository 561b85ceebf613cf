import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectDatabase, type Database } from '../database.ts'
import { applyMigrations } from '../migrate.ts'
import { migrations } from './all.ts'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-migrate-'))
  database = connectDatabase(join(folder, 'old.db'))
  applyMigrations(database, { all: migrations.slice(0, 8) })
  database.script(`
    INSERT INTO organizations (id, name, display_name, description, icon, is_default, created_at, updated_at)
      VALUES ('o', 'coder', 'Coder', '', '', 1, 1, 1);
    INSERT INTO users (id, username, email, name, avatar_url, status, login_type, roles, created_at, updated_at)
      VALUES ('u', 'ada', 'ada@example.com', 'Ada', '', 'active', 'password', '[]', 1, 1);
    INSERT INTO files VALUES ('f', 'h', 'u', 1, 'application/x-tar', x'00');
    INSERT INTO templates (id, organization_id, name, display_name, description, icon, active_version_id, created_by,
      deprecation_message, settings, created_at, updated_at)
      VALUES ('t', 'o', 'plain', '', '', '', 'v', 'u', '', '{}', 1, 1);
  `)
  addJob('import', null)
  database.script(`
    INSERT INTO template_versions (id, template_id, organization_id, name, message, readme, job_id, file_id, created_by,
      user_variable_values, created_at, updated_at) VALUES ('v', 't', 'o', 'one', '', '', 'import', 'f', 'u', '[]', 1, 1);
    INSERT INTO workspaces (id, owner_id, organization_id, template_id, name, folder, automatic_updates, created_at,
      updated_at) VALUES ('w', 'u', 'o', 't', 'work', 'work', 'never', 1, 1);
  `)
  addBuild(1, 'start')
  addBuild(2, 'stop')
  setStatus('job-2', 'succeeded')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function addJob(id: string, buildId: string | null): void {
  const build = buildId === null ? 'NULL' : `'${buildId}'`
  database.script(`INSERT INTO provisioner_jobs (id, type, status, file_id, organization_id, initiator_id,
    workspace_build_id, created_at) VALUES ('${id}', 'workspace_build', 'pending', 'f', 'o', 'u', ${build}, 1)`)
}
function addBuild(number: number, transition: string): void {
  addJob(`job-${number}`, `build-${number}`)
  database.script(`INSERT INTO workspace_builds (id, workspace_id, template_version_id, build_number, transition,
    initiator_id, job_id, reason, created_at, updated_at)
    VALUES ('build-${number}', 'w', 'v', ${number}, '${transition}', 'u', 'job-${number}', 'initiator', 1, 1)`)
}
function setStatus(jobId: string, status: string): void {
  database.script(`UPDATE provisioner_jobs SET status = '${status}' WHERE id = '${jobId}'`)
}
const latest = () =>
  database.first(
    database.sql
      .selectFrom('workspaces')
      .select(['latest_build_id', 'latest_transition', 'latest_job_status']),
  )

it('a workspace knows its latest build, from before and from then on, and no older one changes that', () => {
  applyMigrations(database)
  expect(latest()).toEqual({
    latest_build_id: 'build-2',
    latest_transition: 'stop',
    latest_job_status: 'succeeded',
  })
  addBuild(3, 'start')
  expect(latest()).toEqual({
    latest_build_id: 'build-3',
    latest_transition: 'start',
    latest_job_status: 'pending',
  })
  setStatus('job-3', 'running')
  setStatus('job-1', 'failed')
  expect(latest()?.latest_job_status).toBe('running')
})
