import type { NetworkView } from '#ipc/deployment-network'
import type { ChosenInput, NetworkInput } from '#ipc/network-input'

export type FilePurpose = 'ca' | 'cert' | 'key'

/** A file as the form has it: what becomes of it, and its name to be shown. */
export interface DraftFile {
  readonly choice: ChosenInput
  readonly name: string
}

type NetworkText = Omit<NetworkInput, FilePurpose | 'credentials'>

/** The network settings of a deployment while they are being edited. */
export interface NetworkDraft extends NetworkText {
  readonly ca: DraftFile
  readonly cert: DraftFile
  readonly key: DraftFile
  readonly username: string
  readonly password: string
  /** What the keychain holds for the proxy stays, unless something is entered. */
  readonly keepsCredentials: boolean
}

const noFile: DraftFile = { choice: { kind: 'none' }, name: '' }

/** Nothing set: as the system has it. */
export const plainDraft: NetworkDraft = {
  serverName: '',
  refreshCommand: '',
  headerCommand: '',
  proxyMode: 'system',
  proxyUrl: '',
  bypass: '',
  ca: noFile,
  cert: noFile,
  key: noFile,
  username: '',
  password: '',
  keepsCredentials: false,
}

export function draftOf(view: NetworkView): NetworkDraft {
  const { serverName, refreshCommand, headerCommand, proxyMode, proxyUrl, bypass } = view
  const kept = (name: string): DraftFile => (name === '' ? noFile : { choice: { kind: 'kept' }, name })
  return {
    ...{ serverName, refreshCommand, headerCommand, proxyMode, proxyUrl, bypass },
    ca: kept(view.ca),
    cert: kept(view.cert),
    key: kept(view.key),
    username: '',
    password: '',
    keepsCredentials: view.hasCredentials,
  }
}

/** What main is told. */
export function inputOf(draft: NetworkDraft): NetworkInput {
  const { ca, cert, key, username, password, keepsCredentials, ...text } = draft
  return {
    ...text,
    ca: ca.choice,
    cert: cert.choice,
    key: key.choice,
    credentials:
      username !== ''
        ? { kind: 'entered', username, password }
        : { kind: keepsCredentials ? 'kept' : 'none' },
  }
}

export function isPlain(draft: NetworkDraft): boolean {
  return JSON.stringify(inputOf(draft)) === JSON.stringify(inputOf(plainDraft))
}

/** What the system says for a deployment, in words; it is in the form of a PAC file's answer. */
export function systemAnswerWords(answer: string): string {
  const ways = answer.split(';').map((way) => way.trim())
  const [first = ''] = ways
  if (first === '' || first === 'DIRECT') return 'The system uses no proxy for this deployment now.'
  return `The system uses ${first.replace(/^\S+\s+/, '')} for this deployment now.`
}

export interface DraftProblems {
  readonly proxyUrl?: string | undefined
  readonly serverName?: string | undefined
  readonly password?: string | undefined
}

/** As main reads them; only types of the contract reach this side. */
const proxyAddress = /^(?:(?:https?|socks5h?):\/\/)?[^\s/@?#]+\/?$/i
const hostName = /^[\w.:-]*$/

/** What cannot be right, each in a sentence for its field. */
export function problemsOf({
  proxyMode,
  proxyUrl,
  serverName,
  username,
  password,
}: NetworkDraft): DraftProblems {
  return {
    proxyUrl: proxyUrl.includes('@')
      ? 'Leave the user name and the password out of the address. They have fields of their own.'
      : proxyMode === 'manual' && !proxyAddress.test(proxyUrl)
        ? 'This is not the address of a proxy. Enter one like http://proxy.example.com:3128.'
        : undefined,
    serverName: hostName.test(serverName)
      ? undefined
      : 'This is not a host name. Enter one like coder.example.com.',
    password: password !== '' && username === '' ? 'Enter the user name as well.' : undefined,
  }
}

export function hasProblem(draft: NetworkDraft): boolean {
  return Object.values(problemsOf(draft)).some((problem) => problem !== undefined)
}
