import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOpenSshClient, type OpenSshClient } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

const host = 'coder.main'

let server: TestServer
let ssh: OpenSshClient
let shared: readonly string[]
let folder: string

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  const client = server.client(token)
  await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  folder = join(server.dataDir, 'workspaces', 'main')
  ssh = await createOpenSshClient({ url: server.url, token })
  shared = await ssh.share(host)
})
afterAll(async () => {
  await ssh.close()
  await server.close()
})

/** Runs commands of `sftp` one after the other; the first that fails ends it with a status. */
const sftp = (...commands: readonly string[]) =>
  ssh.run('sftp', [...shared, '-b', '-', host], `${commands.join('\n')}\n`)
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('sftp', () => {
  it('starts in the agent’s directory', async () => {
    const result = await sftp('pwd')
    expect(result.stdout.toString()).toContain(`Remote working directory: ${folder}`)
  })

  it('brings a file there and back unchanged, with its mode and time', async () => {
    const local = join(ssh.folder, 'large')
    writeFileSync(local, randomBytes(12 * 1024 * 1024 + 17))
    chmodSync(local, 0o640)
    expect((await sftp('put -p large', 'get -p large back')).code).toBe(0)
    expect(sha256(join(folder, 'large'))).toBe(sha256(local))
    expect(sha256(join(ssh.folder, 'back'))).toBe(sha256(local))
    for (const copy of [join(folder, 'large'), join(ssh.folder, 'back')]) {
      expect(statSync(copy).mode & 0o777).toBe(0o640)
      expect(Math.floor(statSync(copy).mtimeMs / 1000)).toBe(Math.floor(statSync(local).mtimeMs / 1000))
    }
  })

  it('goes on with a file that broke off', async () => {
    const whole = randomBytes(300_000)
    writeFileSync(join(folder, 'part'), whole)
    writeFileSync(join(ssh.folder, 'part'), whole.subarray(0, 100_000))
    expect((await sftp('reget part')).code).toBe(0)
    expect(readFileSync(join(ssh.folder, 'part')).equals(whole)).toBe(true)
    writeFileSync(join(folder, 'part'), whole.subarray(0, 50_000))
    expect((await sftp('reput part')).code).toBe(0)
    expect(readFileSync(join(folder, 'part')).equals(whole)).toBe(true)
  })

  it('makes, lists, links, renames and removes', async () => {
    writeFileSync(join(ssh.folder, 'note'), 'hello\n')
    const made = await sftp(
      'mkdir box',
      'put note box/a',
      'ln -s a box/link',
      'ln box/a box/hard',
      'ls -l box',
    )
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.stdout.toString()).toMatch(/lrwxrwxrwx.+ link\n/)
    expect(readlinkSync(join(folder, 'box/link'))).toBe('a')
    expect(statSync(join(folder, 'box/hard')).nlink).toBe(2)
    expect((await sftp('rename box/a box/b', 'rm box/link', 'rm box/hard', 'chmod 600 box/b')).code).toBe(0)
    expect(lstatSync(join(folder, 'box/b')).mode & 0o777).toBe(0o600)
    expect((await sftp('rm box/b', 'rmdir box', 'df')).code).toBe(0)
    expect(lstatSync(join(folder, 'box'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it('lists a directory of many files, whatever their names', async () => {
    const many = join(folder, 'many')
    mkdirSync(many)
    for (let number = 0; number < 350; number += 1) writeFileSync(join(many, `file-${number}`), '')
    const odd = Buffer.concat([Buffer.from(`${many}/odd-`), Buffer.from([0xff])])
    writeFileSync(odd, '')
    const lines = (await sftp('ls -1 many')).stdout.toString().split('\n')
    expect(lines.filter((line) => line.startsWith('many/file-'))).toHaveLength(350)
    expect((await sftp('rm many/odd-*')).code).toBe(0)
    expect(lstatSync(odd, { throwIfNoEntry: false })).toBeUndefined()
  })

  it('says precisely what went wrong', async () => {
    const failure = async (command: string): Promise<string> => {
      const result = await sftp(command)
      expect(result.code).toBe(1)
      return result.stderr
    }
    expect(await failure('get not-there')).toContain('not found')
    expect(await failure('rmdir not-there')).toContain('No such file or directory')
    mkdirSync(join(folder, 'full/inner'), { recursive: true })
    expect(await failure('rmdir full')).toContain('Failure')
    expect(await failure('mkdir full')).toContain('Failure')
  })
})

describe('scp', () => {
  it('copies folders both ways', async () => {
    mkdirSync(join(ssh.folder, 'tree/deep'), { recursive: true })
    writeFileSync(join(ssh.folder, 'tree/deep/leaf'), randomBytes(100_000))
    expect((await ssh.run('scp', [...shared, '-r', 'tree', `${host}:tree`])).code).toBe(0)
    expect((await ssh.run('scp', [...shared, '-r', `${host}:tree`, 'copied'])).code).toBe(0)
    expect(sha256(join(ssh.folder, 'copied/deep/leaf'))).toBe(sha256(join(ssh.folder, 'tree/deep/leaf')))
  })

  it('copies by the old protocol too', async () => {
    writeFileSync(join(ssh.folder, 'plain'), randomBytes(500_000))
    expect((await ssh.run('scp', [...shared, '-O', 'plain', `${host}:`])).code).toBe(0)
    expect(sha256(join(folder, 'plain'))).toBe(sha256(join(ssh.folder, 'plain')))
  })
})
