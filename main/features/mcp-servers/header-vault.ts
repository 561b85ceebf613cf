/** The user's own copy of MCP header values, in the OS keychain. */
import type { MemoryMove } from '../keychain/keychain.ts'
import {
  createHeaderEntries,
  readHeaderAccount,
  type EntryStore,
  type KeptHeaders,
} from './header-entries.ts'
import type { VaultPlace, VaultTimes, VaultValues } from './vault-place.ts'

export interface HeaderVault {
  /** Empty when nothing is kept. @throws {SecretsError} */
  read(place: VaultPlace): Promise<VaultValues>
  /** With when each was saved. @throws {SecretsError} */
  readKept(place: VaultPlace): Promise<KeptHeaders>
  /** Replaces all values of the place; none of them removes the entry. @throws {SecretsError} */
  write(place: VaultPlace, values: VaultValues): Promise<void>
  /**
   * Reads, changes and writes in one turn, so that no change of another comes between. Answers what was there before;
   * `apply` may be called once at most, and giving back what it got writes nothing. @throws {SecretsError}
   */
  change(place: VaultPlace, apply: (before: VaultValues) => VaultValues): Promise<VaultValues>
  /** All values of a deployment, whoever they belong to: to be masked where they must not be. @throws {SecretsError} */
  allValues(deploymentId: string): Promise<readonly string[]>
  /** Everything of a deployment, for when it leaves the app. @throws {SecretsError} */
  removeDeployment(deploymentId: string): Promise<void>
  /**
   * Brings what was kept in memory together with what the keychain has, header by header: the values in memory are the
   * newer ones, since the keychain was out of reach for as long as they are there. @throws {SecretsError}
   */
  moveIntoKeychain(move: MemoryMove): Promise<void>
}

export const sameHeader = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** `values` over `before`, whatever the spelling of their names. */
export function mergeHeaders(before: VaultValues, values: VaultValues): VaultValues {
  const names = Object.keys(values)
  const others = Object.entries(before).filter(([key]) => !names.some((name) => sameHeader(name, key)))
  return Object.fromEntries([...others, ...Object.entries(values)])
}

/** Values that are as they were keep their time; the others were saved `now`. */
function timesOf(before: KeptHeaders, values: VaultValues, now: number): VaultTimes {
  const times = Object.entries(values).map(([name, value]) => [
    name,
    before.values[name] === value ? before.savedAt[name] : now,
  ])
  return Object.fromEntries(times.filter(([, time]) => time !== undefined)) as VaultTimes
}

/**
 * @param partCharacters the most an entry may have; what every keychain takes when left out.
 * @param now epoch milliseconds.
 */
export function createHeaderVault(
  keychain: EntryStore,
  partCharacters?: number,
  now: () => number = Date.now,
): HeaderVault {
  const entries = createHeaderEntries(keychain, partCharacters)
  /** Names removed since the app started, by place: the keychain may still have values for them. */
  const removed = new Map<string, string[]>()
  const keyOf = ({ deploymentId, userId, serverId }: VaultPlace): string =>
    JSON.stringify([deploymentId, userId, serverId])

  /** Reads and writes follow one another, or two changes of one entry would undo each other. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work)
    turn = result.catch(() => undefined)
    return result
  }

  const noteRemoved = (place: VaultPlace, before: VaultValues, values: VaultValues): void => {
    const isThere = (name: string): boolean => Object.keys(values).some((key) => sameHeader(name, key))
    const gone = [...(removed.get(keyOf(place)) ?? []), ...Object.keys(before)]
    removed.set(
      keyOf(place),
      [...new Set(gone)].filter((name) => !isThere(name)),
    )
  }

  const change: HeaderVault['change'] = (place, apply) =>
    inTurn(async () => {
      const kept = await entries.read(place)
      const before = kept.values
      const values = apply(before)
      if (values === before) return before
      await entries.write(place, { values, savedAt: timesOf(kept, values, now()) })
      noteRemoved(place, before, values)
      return before
    })

  return {
    read: (place) => inTurn(async () => (await entries.read(place)).values),
    readKept: (place) => inTurn(() => entries.read(place)),
    change,
    async write(place, values) {
      await change(place, () => values)
    },
    allValues: (deploymentId) =>
      inTurn(async () => {
        const values: string[] = []
        for (const owner of await entries.readIndex(deploymentId)) {
          const kept = await entries.read({ deploymentId, ...owner })
          values.push(...Object.values(kept.values))
        }
        return values
      }),
    removeDeployment: (deploymentId) => inTurn(() => entries.removeDeployment(deploymentId)),
    // All of it in one turn: no change may begin in memory and end in the keychain.
    moveIntoKeychain: ({ memory, keychain: target, moveOthers }) =>
      inTurn(async () => {
        const from = createHeaderEntries(readOnly(memory))
        const to = createHeaderEntries(target, partCharacters)
        for (const [account, value] of memory) {
          const known = readHeaderAccount(account)
          if (known?.isIndex !== true) continue
          const { deploymentId } = known
          // The deployment left the app while the keychain was out of reach.
          if (value === null) await to.removeDeployment(deploymentId)
          for (const owner of await from.readIndex(deploymentId)) {
            const place = { deploymentId, ...owner }
            const gone = removed.get(keyOf(place)) ?? []
            const [there, newer] = [await to.read(place), await from.read(place)]
            const kept = Object.entries(there.values).filter(
              ([key]) => !gone.some((name) => sameHeader(name, key)),
            )
            const values = mergeHeaders(Object.fromEntries(kept), newer.values)
            const times = Object.entries({ ...there.savedAt, ...newer.savedAt })
            await to.write(place, {
              values,
              savedAt: Object.fromEntries(times.filter(([name]) => Object.hasOwn(values, name))),
            })
          }
        }
        await moveOthers((account) => readHeaderAccount(account) !== undefined)
      }),
  }
}

function readOnly(memory: ReadonlyMap<string, string | null>): EntryStore {
  const refuse = (): Promise<never> => Promise.reject(new Error('What is moved is only read.'))
  return { get: (account) => Promise.resolve(memory.get(account) ?? null), set: refuse, delete: refuse }
}
