/** What a support bundle holds: enough to see why something does not connect, and nothing that is secret. */
import { homedir, hostname } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createMaskSecrets } from '#bridge/lib/mask-secrets'
import { redactText } from '#bridge/lib/redact'
import type { Deployment } from '#ipc/deployments'
import type { CheckReport, LatencySample, WorkspaceLinkView } from '#ipc/diagnostics'
import type { Settings } from '#ipc/settings'
import type { AppFacts } from '../../ports/desktop.ts'
import type { Timeline } from './connection-timeline.ts'
import { createLeaveOutHosts } from './leave-out-hosts.ts'
import { readLogFiles } from './log-files.ts'
import { timelineLine } from './timeline-words.ts'

export interface KnownSecrets {
  readonly values: ReadonlySet<string>
  /** A vault could not be read: there may be others. */
  readonly isComplete: boolean
}

export interface BundleSources {
  readonly facts: AppFacts
  readonly settings: () => Settings
  readonly deployments: () => readonly Deployment[]
  readonly timeline: () => Timeline
  readonly reports: () => readonly CheckReport[]
  readonly latency: () => ReadonlyMap<string, readonly LatencySample[]>
  readonly links: () => readonly WorkspaceLinkView[]
  /** States of helper processes and of the keychain. */
  readonly health: () => object
  /** Every value that any vault of the app holds now. */
  readonly secrets: () => Promise<KnownSecrets>
  readonly now: () => number
}

export interface BundleText {
  readonly name: string
  readonly about: string
  readonly text: string
}

export interface Bundle {
  readonly files: readonly BundleText[]
  readonly secretsMasked: number
  /** Why something is left out: a sentence. */
  readonly note: string | null
}

const versionsFile = 'versions.json'
const lockedNote =
  'The keychain could not be read, so its values cannot be looked for in the logs: the log files are left out. Unlock the keychain to have them in.'

/** Gathers the texts, with every secret masked. */
export async function collectBundle(
  sources: BundleSources,
  { leaveOutHosts }: { readonly leaveOutHosts: boolean },
): Promise<Bundle> {
  const { values, isComplete } = await sources.secrets()
  const deployments = sources.deployments()
  const nameOf = namesOf(deployments, leaveOutHosts)
  const logs = isComplete ? await readLogFiles(sources.facts.logDir) : []
  const raw: readonly BundleText[] = [
    ...summaries(sources, nameOf),
    ...logs.map(({ name, text, isCut }) => ({
      name: `logs/${name}`,
      about: isCut ? 'The end of a log file.' : 'A log file.',
      text,
    })),
  ]
  const note = isComplete ? null : lockedNote
  const clean = cleaner(deployments, values, leaveOutHosts)
  const files: BundleText[] = []
  for (const file of raw) {
    files.push({ ...file, text: await clean(file) })
  }
  return { files: [readMe(files, note), ...files], secretsMasked: values.size, note }
}

function namesOf(
  deployments: readonly Deployment[],
  leaveOutHosts: boolean,
): (deploymentId: string) => string {
  return (deploymentId) => {
    const at = deployments.findIndex(({ id }) => id === deploymentId)
    if (at === -1) return deploymentId
    return leaveOutHosts ? `deployment-${String(at + 1)}` : (deployments[at]?.name ?? deploymentId)
  }
}

function summaries(sources: BundleSources, nameOf: (deploymentId: string) => string): BundleText[] {
  const { facts } = sources
  const { version, electron, chrome, node, platform, packaged } = facts
  const { entries } = sources.timeline()
  const deployments = sources.deployments().map(({ user, ...deployment }) => ({
    ...deployment,
    name: nameOf(deployment.id),
    // Who it is does not matter to a connection.
    user: user === null ? null : { isOwner: user.isOwner },
    latency: sources.latency().get(deployment.id) ?? [],
  }))
  const named = <T extends { readonly deploymentId: string }>(list: readonly T[]) =>
    list.map((one) => ({ deployment: nameOf(one.deploymentId), ...one }))
  const written = new Date(sources.now()).toISOString()
  return [
    json(versionsFile, 'Versions of Outpost and of what it runs on.', {
      written,
      outpost: version,
      electron,
      chrome,
      node,
      platform,
      packaged,
    }),
    json('settings.json', 'Your settings.', sources.settings()),
    json('deployments.json', 'Your deployments: address, state and latency. No token.', deployments),
    json('health.json', 'Whether the helper processes run and the keychain works.', sources.health()),
    json('checks.json', 'The checks that were run since the app started.', named(sources.reports())),
    json('links.json', 'By which way workspaces were reached.', named(sources.links())),
    {
      name: 'timeline.txt',
      about: 'What connections did, for reading.',
      text: entries
        .toReversed()
        .map((entry) => `${timelineLine(entry, nameOf)}\n`)
        .join(''),
    },
    json('timeline.json', 'The same, for programs.', entries),
  ]
}

function json(name: string, about: string, value: unknown): BundleText {
  return { name, about, text: `${JSON.stringify(value, null, 2)}\n` }
}

/** Takes out what is known to be secret, what looks like it, whose computer it is and, when asked to, hosts. */
function cleaner(
  deployments: readonly Deployment[],
  secrets: ReadonlySet<string>,
  leaveOutHosts: boolean,
): (file: BundleText) => Promise<string> {
  const maskSecrets = createMaskSecrets(secrets)
  const maskOverLines = createMaskSecrets([...secrets].filter((secret) => secret.includes('\n')))
  const hosts = createLeaveOutHosts()
  for (const { url, name } of deployments) {
    if (URL.canParse(url)) hosts.add(new URL(url).hostname)
    // The host is the usual name, and a typed one tells as much.
    if (leaveOutHosts && name.includes('.')) hosts.add(name)
  }
  hosts.add(hostname())
  const home = homedir()
  return async ({ name, text }) => {
    // Known ones first: what only looks like one may be part of it, and half a value would be found by nothing.
    const plain = await cleanLines(maskOverLines(text), (part) =>
      maskSecrets(part).split('\n').map(redactText).join('\n'),
    )
    const homeless = home.length > 1 ? plain.replaceAll(home, '~') : plain
    // Versions look like addresses.
    return leaveOutHosts && name !== versionsFile ? hosts.replaceIn(homeless) : homeless
  }
}

/** Of a log of megabytes so many at a time: windows want to be answered in between. */
const linesAtOnce = 1_000

async function cleanLines(text: string, clean: (part: string) => string): Promise<string> {
  const lines = text.split('\n')
  const parts: string[] = []
  for (let at = 0; at < lines.length; at += linesAtOnce) {
    parts.push(clean(lines.slice(at, at + linesAtOnce).join('\n')))
    await nextTurn()
  }
  return parts.join('\n')
}

function readMe(files: readonly BundleText[], note: string | null): BundleText {
  const lines = files.map(({ name, about }) => `${name}: ${about}`)
  const text = [
    'A support bundle of Outpost. Tokens, header values and other secrets are masked; read it before you send it on.',
    ...(note === null ? [] : ['', note]),
    '',
    ...lines,
    '',
  ].join('\n')
  return { name: 'README.txt', about: 'What is in the bundle.', text }
}
