import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { templateVersionsRoutes } from '../../contract/template-versions.ts'
import { readArchive } from '../../provisioner/archive.ts'
import { writeTar } from '../../provisioner/tar-writer.ts'
import { zipToTar } from '../../server/services/zip-to-tar.ts'
import { createUser, narrowedClient } from '../accounts.ts'
import { rawRequest, type RawAnswer } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'

let server: TestServer
let owner: CoderClient
let member: CoderClient

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.ownerClient()
  member = await server.memberClient('grace')
})
afterAll(() => server.close())

const tokenOf = (client: CoderClient): string =>
  client.socket(templatesRoutes.list, {}).headers['Coder-Session-Token'] ?? ''
const post = (body: Uint8Array, contentType: string, client = owner): Promise<RawAnswer> =>
  rawRequest(`${server.url}/api/v2/files`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType, 'coder-session-token': tokenOf(client) },
  })
const download = async (id: string, client = owner, query = '') => {
  const response = await fetch(`${server.url}/api/v2/files/${id}${query}`, {
    headers: { 'coder-session-token': tokenOf(client) },
  })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: new Uint8Array(await response.arrayBuffer()),
  }
}

describe('a version of a file', () => {
  const create = (client: CoderClient, file_id: string) =>
    client.call(templateVersionsRoutes.create, {
      params: { organization: 'default' },
      body: { storage_method: 'file', provisioner: 'terraform', file_id },
    })

  it('is made by who may read that file; for others it does not exist', async () => {
    const archive = templateArchive({ 'main.tf': '# a file of the owner' })
    const { hash } = (await post(archive, 'application/x-tar')).json() as { hash: string }
    const missing = crypto.randomUUID()
    const blind = await narrowedClient(server, owner, { scopes: ['template:create', 'template:read'] })
    const elsewhere = await narrowedClient(server, owner, { allow_list: ['template:*', `file:${missing}`] })
    for (const client of [blind, elsewhere]) {
      await expect(create(client, hash)).rejects.toMatchObject({ status: 404, message: 'File not found.' })
      await expect(create(client, missing)).rejects.toMatchObject({ status: 404, message: 'File not found.' })
    }
    const { client: templateAdmin } = await createUser(server, owner, 'tom', ['template-admin'])
    const reader = await narrowedClient(server, owner, { allow_list: ['template:*', `file:${hash}`] })
    for (const client of [templateAdmin, reader]) {
      expect(await create(client, hash)).toMatchObject({ job: { file_id: hash } })
    }
  })
})

describe('an upload', () => {
  it('answers 201 when new and 200 with the same id when known, for each user', async () => {
    const archive = templateArchive({ 'main.tf': '# upload test' })
    const first = await post(archive, 'application/x-tar')
    const second = await post(archive, 'application/x-tar')
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.json().hash).toBe(first.json().hash)
    const other = await post(archive, 'application/x-tar', member)
    expect(other.status).toBe(201)
    expect(other.json().hash).not.toBe(first.json().hash)
    const [entry] = server.deployment.services.auditLog.newest(1)
    expect(entry).toMatchObject({ resource_type: 'file', action: 'create', status_code: 201 })
  })

  it('takes the three content types, without parameters', async () => {
    for (const type of ['application/gzip', 'application/x-tar; charset=utf-8', '']) {
      expect((await post(Buffer.from('x'), type)).status).toBe(400)
    }
    const zip = zipOf('main.tf', Buffer.from('# types'))
    expect((await post(zip, 'application/x-zip-compressed')).status).toBe(201)
    // The tar it became is known by now.
    expect((await post(zip, 'application/zip')).status).toBe(200)
  })

  it('of a zip is kept as a template like any other', async () => {
    const { status, json } = await post(zipOf('main.tf', Buffer.from(smallTemplate)), 'application/zip')
    expect(status).toBe(201)
    const { id } = await owner.call(templateVersionsRoutes.create, {
      params: { organization: 'default' },
      body: { storage_method: 'file', provisioner: 'terraform', file_id: json().hash },
    })
    const parameters = await waitFor('the zip is imported', () =>
      owner
        .call(templateVersionsRoutes.richParameters, { params: { templateversion: id } })
        .catch(() => undefined),
    )
    expect(parameters.map((parameter) => parameter.name)).toEqual(['greeting'])
  })

  it('that is damaged, or leads out of the archive, is refused in words', async () => {
    const bad = Buffer.from('no archive at all, but long enough'.repeat(40))
    for (const type of ['application/zip', 'application/x-tar']) {
      const answer = await post(bad, type)
      expect(answer.status).toBe(400)
      expect(answer.json().detail).not.toBe('')
    }
    const zip = await post(zipOf('../evil.tf', Buffer.from('x')), 'application/zip')
    expect(zip.json().detail).toMatch(/unsafe name/)
    const tar = await post(writeTar([{ path: '../evil.tf', content: Buffer.from('x') }]), 'application/x-tar')
    expect(tar.status).toBe(400)
    expect(tar.json().detail).toMatch(/leaves the archive/)
  })

  it('that is too large is refused, packed or unpacked', async () => {
    const declared = await rawRequest(`${server.url}/api/v2/files`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-tar',
        'coder-session-token': tokenOf(owner),
        'content-length': String(101 * 1024 * 1024),
        connection: 'close',
      },
      body: Buffer.alloc(1024),
    })
    expect(declared.status).toBe(413)
    // 101 MiB of zeros are 100 kB.
    const bomb = zipOf('main.tf', Buffer.alloc(101 * 1024 * 1024))
    expect((await post(bomb, 'application/zip')).status).toBe(413)
  })

  it('needs a credential', async () => {
    const answer = await rawRequest(`${server.url}/api/v2/files`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-tar' },
      body: Buffer.from('x'),
    })
    expect(answer.status).toBe(401)
  })
})

describe('a download', () => {
  it('is the stored bytes, or a zip of the same files', async () => {
    const archive = templateArchive({ 'main.tf': '# download', [`${'deep/'.repeat(25)}file.txt`]: 'deep' })
    const { hash } = await owner.upload(archive, 'application/x-tar')
    const plain = await download(hash)
    expect(plain).toMatchObject({ status: 200, type: 'application/x-tar' })
    expect(Buffer.from(plain.bytes).equals(archive)).toBe(true)
    const zip = await download(hash, owner, '?format=zip')
    expect(zip).toMatchObject({ status: 200, type: 'application/zip' })
    expect(readArchive(zipToTar(zip.bytes, 10_000))).toEqual(readArchive(archive))
    expect((await download(hash, owner, '?format=rar')).status).toBe(400)
  })

  it('is for who uploaded it, and for owners', async () => {
    const { hash } = await member.upload(templateArchive({ 'main.tf': '# of Grace' }), 'application/x-tar')
    const another = await server.memberClient('mallory')
    expect((await download(hash, member)).status).toBe(200)
    expect((await download(hash, owner)).status).toBe(200)
    expect((await download(hash, another)).status).toBe(404)
    expect((await download('00000000-0000-4000-8000-000000000000')).status).toBe(404)
    expect((await download('junk')).status).toBe(400)
  })
})

/** A zip of one deflated file, by hand: no reader of ours had a part in it. */
function zipOf(name: string, content: Buffer): Uint8Array {
  const packed = deflateRawSync(content)
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32LE(crc32(content), 0)
  sizes.writeUInt32LE(packed.length, 4)
  sizes.writeUInt32LE(content.length, 8)
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes])
  const nameLength = Buffer.from([name.length, 0, 0, 0])
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameLength, Buffer.from(name), packed])
  const directory = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    common,
    nameLength,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, directory, end])
}
