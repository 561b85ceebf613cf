import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createCoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { usersRoutes } from '../../contract/users.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { startStandalone, type StandaloneServer } from '../standalone-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, importVersion } from '../workspace-actions.ts'
import { BACKGROUND, createKillClient, type Ground, type KillClient, killTemplate } from './kill-client.ts'
import { markedProcesses } from './marked-processes.ts'

const FULL = process.env['SOAK'] === 'full'
const ROUNDS = FULL ? 200 : 6
const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Date.now() % 1_000_000 : 20_260))
const CLIENTS = ['a', 'b', 'c']
/** Acknowledged changes of a round, at most, before something is killed. */
const MAX_CHANGES = FULL ? 12 : 6
const MAX_DELAY_MS = 60
const MAX_QUIET_MS = FULL ? 3_000 : 800
const SETTLE_MS = 60_000
/** Each wait of a round has a bound of its own, and says what it waited for: this one is for what nobody thought of. */
const ROUND_TIMEOUT_MS = 30_000
/** What the data folder may hold; everything else was left behind. */
const DATA_FILES = /^(outpost\.db(-wal|-shm)?|secret\.key|server\.(lock|pid)(-journal)?|workspaces|backups)$/

const random = createSeededRandom(SEED)
const folder = mkdtempSync(join(tmpdir(), 'outpost-kill-'))
const tmpDir = join(folder, 'tmp')
const dataDir = join(folder, 'data')
/** Below the range that systems give out by themselves, so that nobody takes it while the server is down. */
const port = 20_000 + (process.pid % 10_000)
let server: StandaloneServer | undefined

async function startServer(): Promise<StandaloneServer> {
  server = await startStandalone(
    ['--data-dir', dataDir, '--port', String(port), '--dangerous-disable-rate-limits'],
    { TMPDIR: tmpDir },
  )
  return server
}

afterEach(async () => {
  server?.process.kill('SIGKILL')
  for (const { pid } of await markedProcesses(tmpDir, 0)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function prepare(url: string): Promise<{ readonly ground: Ground; readonly clients: KillClient[] }> {
  const account = { email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
  const anybody = createCoderClient({ baseUrl: url })
  await anybody.call(usersRoutes.createFirst, { body: { ...account, username: 'ada' } })
  const { session_token: token } = await anybody.call(usersRoutes.login, { body: account })
  const owner = createCoderClient({ baseUrl: url, token })
  const template = await createTemplate(owner, 'ground', killTemplate)
  const second = await importVersion(owner, { 'main.tf': killTemplate }, { template_id: template.id })
  const clients: KillClient[] = []
  for (const name of CLIENTS) {
    const { key } = await owner.call(apiKeysRoutes.createToken, {
      params: { user: 'me' },
      body: { token_name: `client-${name}` },
    })
    clients.push(createKillClient(name, url, key, random.fork()))
  }
  return {
    ground: { templateId: template.id, versionIds: [template.active_version_id, second.id] },
    clients,
  }
}

const acknowledgedBy = (clients: readonly KillClient[]): number =>
  clients.reduce((sum, client) => sum + client.acknowledged, 0)

/** Lets everybody work, and kills the server or an agent at some point of it. Answers the server that runs then. */
async function killInTheMiddle(
  running: StandaloneServer,
  clients: readonly KillClient[],
  ground: Ground,
): Promise<StandaloneServer> {
  let isOver = false
  const work = Promise.all(clients.map((client) => client.work(ground, () => isOver)))
  const until = acknowledgedBy(clients) + random.below(MAX_CHANGES)
  await Promise.race([
    work,
    waitFor('the clients get on', () => (acknowledgedBy(clients) > until ? true : undefined), SETTLE_MS),
  ])
  if (random.below(2) === 0) {
    // Half of the time into the quiet, where workspaces run.
    isOver = true
    await work
    await pause(random.below(MAX_QUIET_MS))
  } else await pause(random.below(MAX_DELAY_MS))
  const agents = (await markedProcesses(tmpDir, running.pid)).filter(({ isAgent }) => isAgent)
  isOver = true
  if (random.below(4) === 0 && agents.length > 0) {
    process.kill(random.pick(agents).pid, 'SIGKILL')
    await work
    return running
  }
  running.process.kill('SIGKILL')
  await Promise.all([work, running.exited])
  return startServer()
}

/**
 * Nothing runs that the server does not hold. It holds one agent for each workspace that runs, which has started its one
 * background process: another one was left by an agent that was killed.
 */
async function expectTidy(running: StandaloneServer, agents: number): Promise<void> {
  let strays = ''
  await waitFor(
    'no process is left over',
    async () => {
      const marked = await markedProcesses(tmpDir, running.pid)
      const found = marked.filter(({ isAgent }) => isAgent).length
      const background = marked.filter(({ command }) => command === BACKGROUND)
      const stray = marked.filter(({ isBelow, command }) => !isBelow && command !== BACKGROUND)
      strays = `${found} agents and ${background.length} background processes instead of ${agents}; ${stray.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`
      return stray.length === 0 && found === agents && background.length === agents ? true : undefined
    },
    SETTLE_MS,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)} ${strays}`)
  })
  expect(readdirSync(dataDir).filter((name) => !DATA_FILES.test(name))).toEqual([])
  // An agent that runs in spite of a failed build is in no answer, so nothing else tells that its script has ended. Each
  // agent that runs has one folder, of its git key: another one was left by an agent that was killed.
  let left: readonly string[] = []
  await waitFor(
    'scripts have ended, and what killed agents left is gone',
    () => {
      left = readdirSync(tmpDir)
      const ofGitKeys = left.filter((name) => name.startsWith('outpost-git-')).length
      return left.length === ofGitKeys && ofGitKeys === agents ? true : undefined
    },
    SETTLE_MS,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)} With ${agents} agents, in the temporary folder: ${left.join(', ')}`)
  })
}

it.runIf(process.platform === 'linux')(
  `what was acknowledged survives ${ROUNDS} kills (seed ${SEED})`,
  async () => {
    mkdirSync(tmpDir, { recursive: true })
    let running = await startServer()
    const { ground, clients } = await prepare(running.url)
    const times: number[] = []
    for (let round = 1; round <= ROUNDS; round += 1) {
      try {
        running = await killInTheMiddle(running, clients, ground)
        const back = performance.now()
        const counts = await Promise.all(clients.map((client) => client.verify()))
        times.push(performance.now() - back)
        await expectTidy(
          running,
          counts.reduce((sum, count) => sum + count, 0),
        )
      } catch (error) {
        throw new Error(`Round ${round} of seed ${SEED}: ${String(error)}\n${running.complaints()}`, {
          cause: error,
        })
      }
    }
    running.process.kill('SIGTERM')
    expect(await running.exited).toBe(0)
    expect(await markedProcesses(tmpDir, 0)).toEqual([])
    report(acknowledgedBy(clients), times)
  },
  ROUNDS * ROUND_TIMEOUT_MS,
)

function report(changes: number, times: readonly number[]): void {
  if (!FULL) return
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`
  process.stdout.write(
    `${ROUNDS} rounds, ${changes} acknowledged changes, settled after a kill: median ${at(0.5)}, longest ${at(1)}\n`,
  )
}
