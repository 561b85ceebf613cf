/** The user's own copy of MCP header values, in the OS keychain. */
import type { MemoryMove } from '../keychain/keychain.ts'
import { createHeaderEntries, readHeaderAccount, type EntryStore } from './header-entries.ts'
import type { VaultPlace, VaultValues } from './vault-place.ts'

export interface HeaderVault {
  /** Empty when nothing is kept. @throws {SecretsError} */
  read(place: VaultPlace): Promise<VaultValues>
  /** Replaces all values of the place; none of them removes the entry. @throws {SecretsError} */
  write(place: VaultPlace, values: VaultValues): Promise<void>
  /**
   * Reads, changes and writes in one turn, so that no change of another comes between. Answers what was there before;
   * `apply` may be called once at most, and giving back what it got writes nothing. @throws {SecretsError}
   */
  change(place: VaultPlace, apply: (before: VaultValues) => VaultValues): Promise<VaultValues>
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

/** @param partCharacters the most an entry may have; what every keychain takes when left out. */
export function createHeaderVault(keychain: EntryStore, partCharacters?: number): HeaderVault {
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
      const before = await entries.readValues(place)
      const values = apply(before)
      if (values === before) return before
      await entries.writeValues(place, values)
      noteRemoved(place, before, values)
      return before
    })

  return {
    read: (place) => inTurn(() => entries.readValues(place)),
    change,
    async write(place, values) {
      await change(place, () => values)
    },
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
            const kept = Object.entries(await to.readValues(place)).filter(
              ([key]) => !gone.some((name) => sameHeader(name, key)),
            )
            await to.writeValues(place, mergeHeaders(Object.fromEntries(kept), await from.readValues(place)))
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
