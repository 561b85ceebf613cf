import { nameProblem, nameRules } from '../../contract/names.ts'
import type { Accounts } from './accounts.ts'
import type { Sessions, UserRow } from './sessions.ts'

export interface OwnerSessions {
  /** Makes the owner when there is none yet: before the server listens, or whoever calls first could become it. */
  reserve(personName: string): Promise<void>
  /** A fresh token of the deployment's owner, who is made from the name of the person when there is none yet. */
  mint(personName: string): Promise<string>
}

export interface OwnerSessionDeps {
  readonly accounts: Accounts
  readonly sessions: Sessions
  /** Has nothing to do once the templates are there. Never fails, and does not take long: see `createTimelySeeding`. */
  readonly importShippedTemplates: (userId: string) => Promise<void>
}

const FALLBACK_USERNAME = 'owner'

/** The name of an operating system account as a Coder username, as far as it can be one. */
export function toUsername(personName: string): string {
  const plain = personName.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  const slug = plain
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .slice(0, nameRules.username.maxLength)
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase()
  return nameProblem(nameRules.username, slug) === undefined ? slug : FALLBACK_USERNAME
}

/** Signs the person in who sits at this machine: whoever may start the server owns it. */
export function createOwnerSessions({
  accounts,
  sessions,
  importShippedTemplates,
}: OwnerSessionDeps): OwnerSessions {
  const ensureOwner = async (personName: string): Promise<UserRow> => {
    const known = accounts.owner()
    if (known) return known
    const username = toUsername(personName)
    const made = await accounts.createFirst({
      username,
      // Never written to; sign-in by password stays impossible until one is set.
      email: `${username}@localhost.localdomain`,
      name: nameProblem(nameRules.userRealName, personName) === undefined ? personName : '',
      role: 'owner',
    })
    if (!made) throw new Error('The local deployment has accounts, but none of them is its owner.')
    return made
  }
  return {
    async reserve(personName) {
      await ensureOwner(personName)
    },
    async mint(personName) {
      const owner = await ensureOwner(personName)
      await importShippedTemplates(owner.id)
      return sessions.create(owner.id, { loginType: 'password' }).token
    },
  }
}
