/**
 * The conformance suites can be pointed at any Coder: `CONFORMANCE_URL` is its address, `CONFORMANCE_TOKEN` a token of an
 * owner. Tests that look at rows, files or processes, or end the server, are skipped then, and say why.
 */
import { randomUUID } from 'node:crypto'

export interface ExternalTarget {
  readonly url: string
  readonly token: string
}

/** The deployment to test instead of one of our own, if the environment names one. @throws when only half is named. */
export function externalTarget(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ExternalTarget | undefined {
  const { CONFORMANCE_URL: url, CONFORMANCE_TOKEN: token } = environment
  if (!url) return undefined
  if (!token)
    throw new Error('CONFORMANCE_URL needs CONFORMANCE_TOKEN: a token of an owner of that deployment.')
  return { url: new URL(url).origin, token }
}

/**
 * Files that are about a server of their own from their first line on, and why: the one list of them. What only one test
 * of a file needs is skipped there.
 */
export const OWN_SERVER_FILES: Readonly<Record<string, string>> = {
  'access-url': 'sets the access URL',
  accounts: 'drives the clock',
  'agent-runtime': "looks into the workspace's folder",
  'agent-side': 'brings its own agents',
  'ai-provider-keys': 'looks at stored keys',
  audit: 'counts every entry of the log',
  'chat-cost': 'drives the clock',
  'chat-found-models': 'brings its own model',
  'chat-git': "looks into the workspace's folder",
  'chat-killed': 'kills the server',
  'chat-mcp': 'brings its own model',
  'chat-models': 'looks at stored keys',
  'chat-refusals': 'brings its own model',
  'chat-switches': 'brings its own model',
  'chat-tools': 'brings its own model',
  'chat-turns': 'brings its own model',
  'chat-void-questions': 'brings its own model',
  'chat-workspace-tools': 'holds the provisioner',
  chats: 'brings its own model',
  'deleted-workspaces': 'goes over the table of routes',
  'first-start': 'begins with an empty folder',
  'header-gateway': "looks into the workspace's folder",
  'hostile-agent': 'brings its own agents',
  'http-boundary': 'signs in as the person who started the server',
  'interrupted-builds': 'ends the server in the middle of builds',
  'killed-agent': 'kills an agent',
  'local-attacker': 'attacks processes of this machine',
  'mcp-oauth2': 'looks at stored tokens',
  'open-sshd': 'brings its own SSH server',
  'open-sshd-forwards': 'brings its own SSH server',
  'plain-requests': 'goes over the table of routes',
  'rate-limits': 'goes over the table of routes',
  restart: 'ends the server',
  'route-permissions': 'goes over the table of routes',
  'route-refusals': 'goes over the table of routes',
  'shipped-templates': 'begins with the templates that come with the server',
  'ssh-commands': "looks into the workspace's folder",
  'ssh-files': "looks into the workspace's folder",
  'ssh-forwards': "looks into the workspace's folder",
  standalone: 'starts the program',
  'stop-scripts': "looks into the workspace's folder",
  'subdomain-apps': 'sets the wildcard host',
  storage: 'breaks the disk',
  'template-changes': 'begins with the templates that come with the server',
  'template-dry-runs': 'holds the provisioner',
  'template-versions': 'holds the provisioner',
  templates: 'begins with the templates that come with the server',
  terraform: 'brings a stand-in for Terraform',
  'unfinished-imports': 'holds the provisioner',
  'workspace-builds': 'counts the requests to the provisioner',
  'workspace-journey': "looks into the workspace's folder",
  'workspace-schedule': 'drives the clock',
  'workspace-settings': 'drives the clock',
  'workspace-ssh': "looks into the workspace's folder",
}

interface Skippable {
  skip(note?: string): never
}
let current: Skippable | undefined

/** Told by the set-up of each test, so that what a test finds missing can skip it. */
export function setCurrentTest(test: Skippable | undefined): void {
  current = test
}

/** Ends the running test as skipped. @throws always */
export function needsOwnServer(what: string): never {
  const reason = `needs a server of its own: ${what}`
  current?.skip(reason)
  throw new Error(`This ${reason}. Name the file in OWN_SERVER_FILES, or ask for it inside of a test.`)
}

/** Skips the running test where the deployment is not of its own. */
export function onlyOnOwnServer(what: string): void {
  if (externalTarget()) needsOwnServer(what)
}

/** A name nobody else has on a deployment that others use too; as it is on one of our own. */
export function ownName(name: string): string {
  return externalTarget() ? `${name}-${randomUUID().slice(0, 8)}` : name
}
