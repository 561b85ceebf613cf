import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createStorageNotices } from '../../lib/storage-notices.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { createKnownHeaders, openKnownHeadersFile, type KnownHeaders } from './known-headers.ts'

const place = { deploymentId: 'acme', userId: 'ada', serverId: 'weather' }

let folder: string
let known: KnownHeaders
let settled: () => Promise<void>

async function start(): Promise<void> {
  const logger = createRecordingLogger()
  const file = await openKnownHeadersFile({
    folder,
    notices: createStorageNotices(),
    clock: createManualClock(),
    logger,
  })
  known = createKnownHeaders(file, logger)
  settled = () => file.settled()
}
const added = async (declared: readonly string[], where = place): Promise<readonly string[]> => {
  const names = known.added(where, declared)
  await settled()
  return names
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-known-'))
  await start()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('a name is new from when it was added until it was seen, also after a start of the app', async () => {
  expect(await added(['X-Key'])).toEqual([])
  expect(await added(['X-Key', 'X-Tenant'])).toEqual(['X-Tenant'])
  await start()
  expect(await added(['X-Key', 'X-Tenant'])).toEqual(['X-Tenant'])
  await known.see(place, ['x-tenant'])
  expect(await added(['X-Key', 'X-Tenant'])).toEqual([])
  await start()
  expect(await added(['x-key', 'X-Tenant'])).toEqual([])
})

it('one that was taken away is new when it comes again', async () => {
  await added(['X-Key', 'X-Tenant'])
  expect(await added(['X-Key'])).toEqual([])
  expect(await added(['X-Key', 'X-Tenant'])).toEqual(['X-Tenant'])
})

it('nothing is new of a server or to a user that comes for the first time', async () => {
  await added(['X-Key'])
  expect(await added(['X-Other'], { ...place, userId: 'grace' })).toEqual([])
  expect(await added(['X-Other'], { ...place, serverId: 'tracker' })).toEqual([])
})

it('is forgotten with its deployment', async () => {
  await added(['X-Key'])
  await added(['X-Key'], { ...place, deploymentId: 'other' })
  await known.removeDeployment('acme')
  await settled()
  const text = await readFile(join(folder, 'mcp-known-headers.json'), 'utf8')
  expect([text.includes('acme'), text.includes('other')]).toEqual([false, true])
})
