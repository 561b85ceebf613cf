/**
 * Data folders of local deployments with many workspaces. Every row is written by the service that writes it otherwise;
 * only jobs are ended here instead of by the worker, since a thousand agents would start with them.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { silentLogger } from '#bridge/lib/logger'
import { createLocalProvisioner } from '#bridge/provisioner/local-provisioner'
import { listShippedTemplates } from '#bridge/provisioner/shipped-templates'
import { startLocalDeployment, type LocalDeployment } from '#bridge/server/local-deployment'
import type { Actor } from '#bridge/server/services/sessions'
import { createBuilder, type Builder } from './seeded-builds.ts'
import { addOldRows } from './seeded-history.ts'

export interface SeedRequest {
  readonly workspaces: number
  /** Half a year of audit entries, minutes of use, logs and app statuses beside them. */
  readonly withHistory: boolean
  /** How many of them were left running: their agents start with the server. Absent: none. */
  readonly running?: number
}

const peopleCount = 12
const dayMs = 24 * 3_600_000

interface Seeded {
  readonly folder: string
  readonly token: string
}

const made = new Map<string, Promise<Seeded>>()

/** Makes `target` such a data folder, and answers a token of its owner; the rows are made once in a run. */
export async function copySeededData(request: SeedRequest, target: string): Promise<string> {
  const key = JSON.stringify(request)
  const known = made.get(key) ?? seed(request)
  made.set(key, known)
  const { folder, token } = await known
  await mkdir(target, { mode: 0o700 })
  // Its journal was emptied into it, and goes when the last of its statements is collected.
  for (const file of ['outpost.db', 'secret.key'])
    await copyFile(path.join(folder, file), path.join(target, file))
  return token
}

/** Removes what was made in this run. */
export async function removeSeededData(): Promise<void> {
  for (const seeded of made.values()) await rm((await seeded).folder, { recursive: true, force: true })
  made.clear()
}

async function seed({ workspaces, withHistory, running = 0 }: SeedRequest): Promise<Seeded> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'outpost-seeded-'))
  const provisioner = createLocalProvisioner()
  const deployment = await startLocalDeployment({
    dataDir,
    port: 0,
    processHost: {
      spawn: () => {
        throw new Error('No agent runs while rows are made.')
      },
    },
    provisioner,
    listShippedTemplates: async () => listShippedTemplates(),
    logger: silentLogger,
  })
  try {
    // Rows that are lost with the machine are made again.
    deployment.database.script('PRAGMA synchronous = OFF')
    const people = await addPeople(deployment)
    await untilImported(deployment)
    await deployment.services.worker.close()
    const builder = createBuilder(deployment, provisioner)
    await addWorkspaces(deployment, builder, people, { workspaces, running })
    if (withHistory) addOldRows(deployment.database)
    deployment.services.notificationEvents.deliver()
    const { token } = deployment.services.sessions.create(people[0]?.user.id ?? '', {
      loginType: 'token',
      tokenName: 'bench',
      lifetimeSeconds: dayMs / 1000,
    })
    return { folder: dataDir, token }
  } finally {
    await deployment.close()
  }
}

async function addPeople({ mintOwnerSession, services }: LocalDeployment): Promise<Actor[]> {
  const { accounts, sessions } = services
  const people = [sessions.authenticate(await mintOwnerSession('Ada Lovelace'))]
  for (let index = 1; index < peopleCount; index += 1) {
    const username = `person-${String(index)}`
    const { id } = await accounts.create({
      username,
      email: `${username}@example.com`,
      name: `Person ${String(index)}`,
      password: 'correct horse Battery 9 staple',
      role: 'member',
    })
    people.push(sessions.authenticate(sessions.create(id, { loginType: 'password' }).token))
  }
  return people
}

async function untilImported({ services }: LocalDeployment): Promise<void> {
  const { db, jobs, topics } = services
  const ids = db.all(db.sql.selectFrom('provisioner_jobs').select('id'))
  await Promise.all(
    ids.map(
      async ({ id }) =>
        await new Promise<void>((resolve) => {
          const look = (): void => {
            if (jobs.get(id).completed_at !== null) resolve()
          }
          topics.job.subscribe(id, look)
          look()
        }),
    ),
  )
}

/**
 * Those that run are built once. Of the others a third was started more than once, and a twentieth failed at the last
 * start.
 */
async function addWorkspaces(
  { services }: LocalDeployment,
  builder: Builder,
  people: readonly Actor[],
  { workspaces: count, running }: { readonly workspaces: number; readonly running: number },
): Promise<void> {
  const { db, workspaces, builds } = services
  const templates = db.all(db.sql.selectFrom('templates').select('id').orderBy('name'))
  for (let index = 0; index < count; index += 1) {
    const actor = people[index % people.length]
    const template = templates[index % templates.length]
    if (!actor || !template) throw new Error('There is nobody, or no template.')
    const workspace = workspaces.create(
      actor.user,
      {
        name: `work-${String(index).padStart(4, '0')}`,
        template_id: template.id,
        rich_parameter_values: [],
        ...(index % 3 === 0 ? { autostart_schedule: 'CRON_TZ=Europe/Berlin 30 9 * * 1-5' } : {}),
      },
      actor,
    )
    await builder.end(workspace, 'succeeded')
    if (index < running) continue
    for (const transition of index % 3 === 0 ? (['stop', 'start', 'stop'] as const) : (['stop'] as const)) {
      builds.create(workspace, { transition, rich_parameter_values: [] }, actor)
      await builder.end(workspace, 'succeeded')
    }
    if (index % 10 === 0) workspaces.setFavorite(workspace, true)
    if (index % 20 !== 7) continue
    builds.create(workspace, { transition: 'start', rich_parameter_values: [] }, actor)
    await builder.end(workspace, 'failed')
  }
}
