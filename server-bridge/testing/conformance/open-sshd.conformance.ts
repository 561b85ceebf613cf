/** Commands, terminals and files of the bridge against OpenSSH's own server, over the way by a command line. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client, ClientChannel } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDeploymentAccess, type OpenDeploymentAccess } from '../../bridge/deployment-access.ts'
import { createPlaces, type Places } from '../../bridge/files/places.ts'
import { runScript } from '../../bridge/files/run-script.ts'
import type { Transfer } from '../../contract/file-transfers.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { startFilesWorkspace, type FilesWorkspace } from '../files-workspace.ts'
import { patienceMs } from '../open-ssh.ts'
import { waitFor } from '../wait-for.ts'

const { signal } = new AbortController()
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe.runIf(process.platform === 'linux')('on OpenSSH’s own server', () => {
  let workspace: FilesWorkspace
  let access: OpenDeploymentAccess
  let places: Places
  let ssh: Client

  beforeAll(async () => {
    workspace = await startFilesWorkspace({ server: 'open-sshd' })
    const common = { clock: systemClock, logger: silentLogger }
    access = createDeploymentAccess(workspace.session, {
      ...common,
      environment: {},
      onCli: () => undefined,
    })
    places = createPlaces({ ...common, accessOf: () => access, onSignedOut: () => undefined })
    ssh = (await places.at(workspace.place).acquire(signal, patienceMs)).session.ssh
  }, patienceMs)
  afterAll(async () => {
    places.close()
    access.close()
    await workspace.close()
  })

  const open = (start: (done: (error: Error | undefined, channel: ClientChannel) => void) => void) =>
    new Promise<ClientChannel>((resolve, reject) => {
      start((error, channel) => {
        if (error === undefined) resolve(channel)
        else reject(error)
      })
    })
  const exec = (command: string) => open((done) => ssh.exec(command, done))
  /** What comes on standard output, and how it ended. */
  const finish = async (channel: ClientChannel) => {
    const chunks: Buffer[] = []
    channel.on('data', (chunk: Buffer) => chunks.push(chunk))
    channel.stderr.resume()
    const [code, endedBy] = (await once(channel, 'close')) as [number | null, string | undefined]
    return { output: Buffer.concat(chunks), code, endedBy }
  }
  const startsBySaying = async (command: string): Promise<ClientChannel> => {
    const channel = await exec(command)
    await once(channel, 'data')
    return channel
  }

  it('is reached by the command line', async () => {
    await workspace.ask({ op: 'home' })
    const links = workspace.toldMain.filter(({ type }) => type === 'workspace-link')
    expect(links[0]).toMatchObject({ transport: 'coder-cli' })
  })

  describe('a command', () => {
    it('has its output, its errors and its exit code', async () => {
      const chunks: Buffer[] = []
      const script = 'echo out; echo err >&2; exit 7'
      const { code, errors } = await runScript(ssh, script, signal, (chunk) => void chunks.push(chunk))
      expect([Buffer.concat(chunks).toString(), errors, code]).toEqual(['out\n', 'err\n', 7])
    })

    it('gets signals, and says which one ended it', async () => {
      const trapping = await startsBySaying(
        'trap "echo got; exit 6" USR1; echo up; while :; do sleep 0.05; done',
      )
      const trapped = finish(trapping)
      trapping.signal('USR1')
      expect(await trapped).toMatchObject({ code: 6, output: Buffer.from('got\n') })
      for (const name of ['TERM', 'KILL']) {
        const channel = await startsBySaying('echo up; exec sleep 1000')
        const ended = finish(channel)
        channel.signal(name)
        expect(await ended).toMatchObject({ code: null, endedBy: `SIG${name}` })
      }
    })

    it('that takes no notice of being given up is not waited for', async () => {
      const given = new AbortController()
      const command = 'trap "" TERM; echo $$; while :; do sleep 0.05; done'
      let pid = NaN
      const running = runScript(ssh, command, given.signal, (chunk) => {
        pid = Number(chunk.toString())
        given.abort()
      })
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
      expect(isAlive(pid)).toBe(true)
      process.kill(pid, 'SIGKILL')
    })

    it('ends when it is given up', async () => {
      const given = new AbortController()
      let pid = NaN
      const running = runScript(ssh, 'echo $$; exec sleep 1000', given.signal, (chunk) => {
        pid = Number(chunk.toString())
        given.abort()
      })
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
      expect(pid).toBeGreaterThan(1)
      await waitFor('the program has ended', () => (isAlive(pid) ? undefined : true))
    })

    it('runs beside 199 others of the same connection, each with its own bytes', async () => {
      const sent = Array.from({ length: 200 }, (_, at) =>
        Buffer.concat([Buffer.from(`${String(at)}:`), randomBytes(30_000)]),
      )
      const got = await Promise.all(
        sent.map(async (bytes) => {
          const channel = await exec('cat')
          const ended = finish(channel)
          channel.end(bytes)
          return ended
        }),
      )
      expect(got.map(({ code }) => code)).toEqual(sent.map(() => 0))
      expect(got.map(({ output }) => sha256(output))).toEqual(sent.map(sha256))
    })
  })

  it('gives a terminal that knows its size, also the next one, and takes keys', async () => {
    const channel = await open((done) => ssh.shell({ term: 'xterm-256color', cols: 120, rows: 40 }, done))
    let shown = ''
    channel.on('data', (chunk: Buffer) => (shown += chunk.toString()))
    const type = async (keys: string, expected: string): Promise<void> => {
      shown = ''
      channel.write(keys)
      await waitFor(`${expected} is shown`, () => (shown.includes(expected) ? true : undefined), patienceMs)
    }
    await type('stty size; echo "$TERM"\n', '40 120\r\nxterm-256color')
    channel.setWindow(50, 132, 0, 0)
    await type('stty size\n', '50 132')
    // What says that it is up is what the key has to reach: between two commands of a line the shell itself gets it, and
    // throws away what is typed after it.
    await type("sh -c 'echo up$((1)); exec sleep 1000'\n", 'up1')
    await type('\x03', '^C')
    await type('echo "ended by $?"\n', 'ended by 130')
    const ended = finish(channel)
    channel.write('exit 5\n')
    expect(await ended).toMatchObject({ code: 5 })
  })

  describe('files', () => {
    it('are listed, written, read, moved, found and deleted', async () => {
      const folder = join(workspace.home, 'a folder')
      const at = (name: string) => join(folder, name)
      await workspace.ask({ op: 'make-folder', path: folder })
      const bytes = Buffer.from('one needle\n')
      await workspace.ask({ op: 'save', path: at('ünïcode'), bytes, base: null, force: false })
      await workspace.ask({ op: 'chmod', path: at('ünïcode'), mode: 0o640 })
      await workspace.ask({ op: 'make-file', path: at('other') })
      await expect(
        workspace.ask({ op: 'rename', from: at('ünïcode'), to: at('other'), replace: false }),
      ).rejects.toMatchObject({ error: { code: 'exists' } })
      await workspace.ask({ op: 'rename', from: at('ünïcode'), to: at('other'), replace: true })
      const names: string[] = []
      await workspace.ask(
        { op: 'list', path: folder },
        {
          onEvent: (event) => {
            if (event.kind === 'entries') names.push(...event.entries.map(({ name }) => name))
          },
        },
      )
      expect(names).toEqual(['other'])
      const read = await workspace.ask({ op: 'read', path: at('other'), maxBytes: 1024 })
      expect([Buffer.from(read.bytes), read.mode & 0o7777]).toEqual([bytes, 0o640])
      const search = { folder, query: 'needle', isRegex: false, isCaseSensitive: true, isWholeWord: true }
      expect(await workspace.ask({ op: 'search', ...search, maxMatches: 10 })).toMatchObject({ count: 1 })
      await workspace.ask({ op: 'delete', path: folder })
      await expect(workspace.ask({ op: 'stat', path: folder })).rejects.toMatchObject({
        error: { code: 'not_found' },
      })
    })

    it('of 64 MiB go there and back unchanged, with mode and time', async () => {
      const local = mkdtempSync(join(tmpdir(), 'outpost-local-'))
      let transfer: Transfer | undefined
      const stop = workspace.onMessage((message) => {
        if (message.type === 'transfers-changed') transfer = message.transfers.at(-1) ?? transfer
      })
      workspace.post({ type: 'transfers-watch' })
      const untilDone = async () => {
        const { state } = await waitFor(
          'the copy has ended',
          () => (transfer?.state.kind === 'done' || transfer?.state.kind === 'failed' ? transfer : undefined),
          patienceMs,
        )
        expect(state).toEqual({ kind: 'done', verified: 'sha256', skipped: 0 })
        transfer = undefined
      }
      const give = (kind: string, path: string) => {
        const localId = randomUUID()
        workspace.say({ type: 'give-local', localId, kind, paths: [path] })
        return { requestId: randomUUID(), localId, place: workspace.place, onConflict: 'ask' }
      }
      const source = join(local, 'large')
      const bytes = randomBytes(64 * 1024 * 1024)
      writeFileSync(source, bytes, { mode: 0o750 })
      const there = join(workspace.home, 'large')
      workspace.post({ type: 'transfers-upload', ...give('sources', source), folder: workspace.home })
      await untilDone()
      expect([sha256(readFileSync(there)), statSync(there).mode & 0o777]).toEqual([sha256(bytes), 0o750])
      rmSync(source)
      workspace.post({ type: 'transfers-download', ...give('folder', local), paths: [there] })
      await untilDone()
      expect([sha256(readFileSync(source)), statSync(source).mode & 0o777]).toEqual([sha256(bytes), 0o750])
      stop()
      rmSync(local, { recursive: true })
    })
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
