import { setTimeout as pause } from 'node:timers/promises'
import { type CoderClient, createCoderClient } from '../../client/coder-client.ts'
import { CoderApiError } from '../../client/errors.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { isJobFinished } from '../../contract/provisioner-jobs.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'

/** What each workspace starts in the background, which must not outlive it. */
export const BACKGROUND = 'sleep 100000'
export const killTemplate = smallTemplate.replace('echo ', `${BACKGROUND} >/dev/null 2>&1 & echo `)

/** What all clients work with, made before the first kill. */
export interface Ground {
  readonly templateId: string
  readonly versionIds: readonly string[]
}

interface KnownBuild {
  readonly id: string
  readonly number: number
  readonly transition: string
  readonly greeting: string | undefined
}
interface KnownWorkspace {
  readonly id: string
  readonly builds: KnownBuild[]
}

export interface KillClient {
  /** Does one thing after another until it is told to stop or the server is gone. */
  work(ground: Ground, isOver: () => boolean): Promise<void>
  /** Throws unless everything that was acknowledged is there, and nothing is stuck. Answers how many agents must run. */
  verify(): Promise<number>
  /** How many changes the server has acknowledged so far. */
  readonly acknowledged: number
}

const MAX_WORKSPACES = 2
/** The builds need the processor more than the next try does. */
const REFUSED_PAUSE_MS = 30
const BUILD_PATIENCE_MS = 60_000

/** A user of the server who remembers every answer, and holds the server to it after a kill. */
export function createKillClient(name: string, url: string, token: string, random: SeededRandom): KillClient {
  const client = createCoderClient({ baseUrl: url, token, retries: 0, timeoutMs: 60_000 })
  const workspaces = new Map<string, KnownWorkspace>()
  const tokens = new Map<string, string>()
  const deletedTokens = new Set<string>()
  const templates = new Map<string, string>()
  let counter = 0
  let acknowledged = 0
  const fresh = (kind: string): string => `${kind}-${name}-${(counter += 1)}`

  const createWorkspace = async ({ templateId }: Ground): Promise<void> => {
    const greeting = fresh('hello')
    const made = await client.call(workspacesRoutes.create, {
      params: { user: 'me' },
      body: {
        template_id: templateId,
        name: fresh('w'),
        rich_parameter_values: [{ name: 'greeting', value: greeting }],
      },
    })
    const { id, build_number: number, transition } = made.latest_build
    workspaces.set(made.id, { id: made.id, builds: [{ id, number, transition, greeting }] })
  }

  const build = async (transition: 'start' | 'stop' | 'delete', versionId?: string): Promise<void> => {
    const workspace = random.pick([...workspaces.values()])
    const greeting = transition === 'start' ? fresh('hi') : undefined
    const made = await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspace.id },
      body: {
        transition,
        ...(versionId === undefined ? {} : { template_version_id: versionId }),
        ...(greeting === undefined ? {} : { rich_parameter_values: [{ name: 'greeting', value: greeting }] }),
      },
    })
    workspace.builds.push({ id: made.id, number: made.build_number, transition, greeting })
  }

  const createToken = async (): Promise<void> => {
    const tokenName = fresh('t')
    const { key } = await client.call(apiKeysRoutes.createToken, {
      params: { user: 'me' },
      body: { token_name: tokenName },
    })
    tokens.set(tokenName, key.split('-')[0] ?? '')
  }

  const deleteToken = async (): Promise<void> => {
    const [tokenName, id] = random.pick([...tokens])
    // Between the call and its answer it may be there or not.
    tokens.delete(tokenName)
    await client.call(apiKeysRoutes.delete, { params: { user: 'me', keyid: id } })
    deletedTokens.add(tokenName)
  }

  const createTemplate = async (): Promise<void> => {
    const { hash } = await client.upload(
      templateArchive({ 'main.tf': `# ${fresh('file')}\n${killTemplate}` }),
      'application/x-tar',
    )
    acknowledged += 1
    const version = await client.call(templateVersionsRoutes.create, {
      params: { organization: 'default' },
      body: {
        storage_method: 'file',
        provisioner: 'terraform',
        file_id: hash,
        tags: {},
      },
    })
    await waitFor('the version is imported', async () => {
      const { job } = await client.call(templateVersionsRoutes.get, {
        params: { templateversion: version.id },
      })
      return isJobFinished(job.status) ? true : undefined
    })
    const made = await client.call(templatesRoutes.create, {
      params: { organization: 'default' },
      body: { name: fresh('template'), template_version_id: version.id },
    })
    templates.set(made.id, made.name)
  }

  const chooseAction = (ground: Ground): (() => Promise<void>) => {
    const roll = random.below(100)
    if (workspaces.size === 0 || (roll < 15 && workspaces.size < MAX_WORKSPACES)) {
      return () => createWorkspace(ground)
    }
    if (roll < 35) return () => build('start')
    if (roll < 50) return () => build('stop')
    if (roll < 58) return () => build('delete')
    if (roll < 68) return () => build('start', random.pick(ground.versionIds))
    if (roll < 74) return createTemplate
    if (roll < 90 || tokens.size === 0) return createToken
    return deleteToken
  }

  return {
    get acknowledged() {
      return acknowledged
    },
    async work(ground, isOver) {
      while (!isOver()) {
        try {
          await chooseAction(ground)()
          acknowledged += 1
        } catch (error) {
          // A refusal is an answer: another build runs, say. Everything else is the end of the server.
          if (error instanceof CoderApiError && error.status < 500) {
            await pause(REFUSED_PAUSE_MS)
            continue
          }
          if (isOver()) return
          throw error
        }
      }
    },
    async verify() {
      await verifyTokens(client, tokens, deletedTokens)
      for (const id of templates.keys()) await client.call(templatesRoutes.get, { params: { template: id } })
      let agents = 0
      for (const workspace of [...workspaces.values()]) {
        const state = await verifyWorkspace(client, workspace)
        if (state === 'deleted') workspaces.delete(workspace.id)
        if (state === 'running') agents += 1
      }
      return agents + (await adoptUnknown(client, `w-${name}-`, workspaces))
    },
  }
}

async function verifyTokens(
  client: CoderClient,
  tokens: ReadonlyMap<string, string>,
  deleted: ReadonlySet<string>,
): Promise<void> {
  const listed = await client.call(apiKeysRoutes.listTokens, { params: { user: 'me' } })
  const there = new Set(listed.map(({ token_name: name }) => name))
  for (const name of tokens.keys()) if (!there.has(name)) throw new Error(`The token ${name} is lost.`)
  for (const name of deleted) if (there.has(name)) throw new Error(`The deleted token ${name} is back.`)
}

/** Every acknowledged build is there as it was asked for, all have ended, and a running workspace has its agent. */
async function verifyWorkspace(client: CoderClient, known: KnownWorkspace): Promise<string> {
  for (const { id, number, transition, greeting } of known.builds) {
    const params = { workspacebuild: id }
    const build = await waitFor(
      `build ${number} (${transition}) of ${known.id} ends`,
      async () => {
        const now = await client.call(workspaceBuildsRoutes.get, { params })
        return isJobFinished(now.job.status) ? now : undefined
      },
      BUILD_PATIENCE_MS,
    )
    if (build.build_number !== number || build.transition !== transition) {
      throw new Error(`Build ${number} (${transition}) of ${known.id} is another one now.`)
    }
    if (greeting === undefined) continue
    const values = await client.call(workspaceBuildsRoutes.parameters, { params })
    if (values.find(({ name }) => name === 'greeting')?.value !== greeting) {
      throw new Error(`Build ${number} of ${known.id} has lost its parameter.`)
    }
  }
  return settledState(client, known.id)
}

/** Waits until the newest build has ended, and for the agent of one that runs. */
async function settledState(client: CoderClient, id: string): Promise<string> {
  return waitFor(
    `the workspace ${id} is settled`,
    async () => {
      const workspace = await client
        .call(workspacesRoutes.get, { params: { workspace: id } })
        .catch((error: unknown) => {
          if (error instanceof CoderApiError && error.status === 410) return undefined
          throw error
        })
      if (!workspace) return 'deleted'
      const { status, resources, job } = workspace.latest_build
      if (!isJobFinished(job.status)) return undefined
      if (status === 'failed' || status === 'canceled') return stateBeforeFailure(client, id)
      if (status !== 'running') return status
      const agent = resources.flatMap((resource) => resource.agents ?? [])[0]
      return agent?.status === 'connected' && agent.lifecycle_state === 'ready' ? 'running' : undefined
    },
    BUILD_PATIENCE_MS,
  )
}

/** A build that failed has changed nothing: agents run as the newest one that did not says. */
async function stateBeforeFailure(client: CoderClient, id: string): Promise<string> {
  const builds = await client.call(workspaceBuildsRoutes.list, { params: { workspace: id } })
  const newest = builds.find(({ job }) => job.status === 'succeeded')
  return newest?.transition === 'start' ? 'running' : 'stopped'
}

/** What was asked for in the moment of the kill and made it, though nobody was told. Answers its running agents. */
async function adoptUnknown(
  client: CoderClient,
  prefix: string,
  known: Map<string, KnownWorkspace>,
): Promise<number> {
  const { workspaces } = await client.call(workspacesRoutes.list, { query: { q: 'owner:me' } })
  let agents = 0
  for (const { id, name } of workspaces) {
    if (known.has(id) || !name.startsWith(prefix)) continue
    known.set(id, { id, builds: [] })
    if ((await settledState(client, id)) === 'running') agents += 1
  }
  return agents
}
