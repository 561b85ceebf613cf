/**
 * How values of headers lie in a store of short strings: one entry a deployment, user and server, split over several
 * where it is larger than a keychain takes, and an index of the entries for each deployment.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Keychain } from '../keychain/keychain.ts'
import type { VaultPlace, VaultTimes, VaultValues } from './vault-place.ts'

/** The keychain, or the memory that stands in for it. */
export type EntryStore = Pick<Keychain, 'get' | 'set' | 'delete'>

/** Windows takes 2,560 bytes of UTF-16 an entry (CRED_MAX_CREDENTIAL_BLOB_SIZE); base64 has one unit a character. */
const SMALL_PART = 1200
/** Other keychains take far more, and write themselves anew for every entry: few large ones are saved in no time. */
const LARGE_PART = 48 * 1024

/** How many characters an entry may have on a system. Entries of any size are read everywhere. */
export function partCharactersOn(platform: NodeJS.Platform): number {
  return platform === 'win32' ? SMALL_PART : LARGE_PART
}

/** The first piece of an entry. The others lie under its id, so that a write that is cut off mixes nothing. */
const headSchema = z.strictObject({ id: z.string(), parts: z.int().min(1).max(100_000), first: z.string() })
type Head = z.infer<typeof headSchema>
const valuesSchema = z.record(z.string(), z.string())
/** Entries of before that are the values alone: none of them is an object. */
const entrySchema = z.union([
  z.strictObject({ values: valuesSchema, savedAt: z.record(z.string(), z.number()) }),
  valuesSchema.transform((values) => ({ values, savedAt: {} })),
])

/** What is kept of a place. */
export interface KeptHeaders {
  readonly values: VaultValues
  readonly savedAt: VaultTimes
}
const indexSchema = z.array(z.strictObject({ userId: z.string(), serverId: z.string() }))

const accountOf = ({ deploymentId, userId, serverId }: VaultPlace): string =>
  `deployment/${deploymentId}/mcp-headers/${userId}/${serverId}`
const partOf = (account: string, { id }: Pick<Head, 'id'>, part: number): string => `${account}/${id}/${part}`
/** Keychains have no lists, so the places of a deployment are kept in one of its own. */
const indexOf = (deploymentId: string): string => `deployment/${deploymentId}/mcp-headers`

/** What {@link createHeaderEntries} keeps, by its account: `deploymentId`, and whether it is the index itself. */
export function readHeaderAccount(account: string): { deploymentId: string; isIndex: boolean } | undefined {
  const [, deploymentId, more] = /^deployment\/([^/]+)\/mcp-headers(\/.*)?$/s.exec(account) ?? []
  return deploymentId === undefined ? undefined : { deploymentId, isIndex: more === undefined }
}

export function createHeaderEntries(store: EntryStore, partCharacters = SMALL_PART) {
  const readHead = async (account: string): Promise<Head | undefined> => {
    const first = await store.get(account)
    return first === null ? undefined : headSchema.parse(JSON.parse(first))
  }

  const readEntry = async (account: string): Promise<string | undefined> => {
    const head = await readHead(account)
    if (head === undefined) return undefined
    const pieces = [head.first]
    for (let part = 1; part < head.parts; part += 1)
      pieces.push((await store.get(partOf(account, head, part))) ?? '')
    return Buffer.from(pieces.join(''), 'base64').toString('utf8')
  }

  const writeEntry = async (account: string, text: string | undefined): Promise<void> => {
    const before = await readHead(account)
    if (text === undefined) await store.delete(account)
    else await writePieces(account, Buffer.from(text, 'utf8').toString('base64'))
    if (before === undefined) return
    for (let part = 1; part < before.parts; part += 1) await store.delete(partOf(account, before, part))
  }

  /** The head comes last and makes the others count. */
  const writePieces = async (account: string, encoded: string): Promise<void> => {
    const piece = (part: number): string => encoded.slice(part * partCharacters, (part + 1) * partCharacters)
    const head: Head = {
      id: randomUUID(),
      parts: Math.max(1, Math.ceil(encoded.length / partCharacters)),
      first: piece(0),
    }
    for (let part = 1; part < head.parts; part += 1) await store.set(partOf(account, head, part), piece(part))
    await store.set(account, JSON.stringify(head))
  }

  const readIndex = async (deploymentId: string) => {
    const text = await readEntry(indexOf(deploymentId))
    return text === undefined ? [] : indexSchema.parse(JSON.parse(text))
  }

  const read = async (place: VaultPlace): Promise<KeptHeaders> => {
    const text = await readEntry(accountOf(place))
    return text === undefined ? { values: {}, savedAt: {} } : entrySchema.parse(JSON.parse(text))
  }

  /** Before the values: an index that names too much is harmless, one that names too little leaves a secret behind. */
  const remember = async ({ deploymentId, userId, serverId }: VaultPlace): Promise<void> => {
    const index = await readIndex(deploymentId)
    if (index.some((known) => known.userId === userId && known.serverId === serverId)) return
    await writeEntry(indexOf(deploymentId), JSON.stringify([...index, { userId, serverId }]))
  }

  return {
    readIndex,
    read,
    async write(place: VaultPlace, { values, savedAt }: KeptHeaders): Promise<void> {
      const isEmpty = Object.keys(values).length === 0
      if (!isEmpty) await remember(place)
      await writeEntry(accountOf(place), isEmpty ? undefined : JSON.stringify({ values, savedAt }))
    },
    async removeDeployment(deploymentId: string): Promise<void> {
      for (const known of await readIndex(deploymentId))
        await writeEntry(accountOf({ deploymentId, ...known }), undefined)
      await writeEntry(indexOf(deploymentId), undefined)
    },
  }
}
