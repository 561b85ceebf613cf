import { createHash } from 'node:crypto'
import { pickChildEnvironment } from '../../lib/child-environment.ts'
import type { BuildContext } from '../build-context.ts'

/**
 * What Terraform and its providers get of this process's environment beside what every child gets: where things are,
 * never who one is. Credentials belong into the providers' own files or into the template's variables.
 */
const passedOn = new Set([
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'KUBECONFIG',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'TF_CLI_CONFIG_FILE',
])

/** The systems and machines `coder_agent` knows. */
const agentPlatforms = ['linux_amd64', 'linux_arm64', 'linux_armv7', 'darwin_amd64', 'darwin_arm64'] as const

/**
 * Stands where Coder's agent would be installed. The local deployment runs a workspace's agent on its own machine, so a
 * container or machine that a template makes has none; it stays up, so that what Terraform waits for comes about.
 */
export const initScript = [
  '#!/bin/sh',
  'echo "This is a workspace of a local deployment of Outpost. Its agent runs on the machine of the deployment," >&2',
  'echo "not in here. For an agent in here use the template on a Coder deployment." >&2',
  'exec tail -f /dev/null',
  '',
].join('\n')

/** What every run of Terraform has around it, without what a build knows. */
export function baseEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  pluginCache: string,
): Record<string, string> {
  const picked = pickChildEnvironment(environment)
  for (const name of passedOn) {
    const value = environment[name]
    if (value !== undefined) picked[name] = value
  }
  return {
    ...picked,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    TF_PLUGIN_CACHE_DIR: pluginCache,
    // Does not ask the maker of Terraform for news.
    CHECKPOINT_DISABLE: '1',
  }
}

/**
 * What the coder provider reads of a build (terraform-provider-coder: provider/workspace.go, workspace_owner.go,
 * parameter.go, agent.go). The owner's tokens and keys are left out, as with the built-in provisioner.
 */
export function buildEnvironment({
  workspace,
  owner,
  transition,
  parameterValues,
  variableValues,
}: BuildContext): Record<string, string> {
  return {
    CODER_AGENT_URL: workspace.accessUrl,
    CODER_WORKSPACE_TRANSITION: transition === 'delete' ? 'destroy' : transition,
    CODER_WORKSPACE_ID: workspace.id,
    CODER_WORKSPACE_NAME: workspace.name,
    CODER_WORKSPACE_TEMPLATE_ID: workspace.templateId,
    CODER_WORKSPACE_TEMPLATE_NAME: workspace.templateName,
    CODER_WORKSPACE_TEMPLATE_VERSION: workspace.templateVersion,
    CODER_WORKSPACE_OWNER_ID: owner.id,
    CODER_WORKSPACE_OWNER: owner.name,
    CODER_WORKSPACE_OWNER_NAME: owner.fullName,
    CODER_WORKSPACE_OWNER_EMAIL: owner.email,
    CODER_WORKSPACE_OWNER_GROUPS: JSON.stringify(owner.groups),
    ...Object.fromEntries(agentPlatforms.map((name) => [`CODER_AGENT_SCRIPT_${name}`, initScript])),
    ...mapNames(parameterValues, parameterVariable),
    // Not as arguments: those are in the list of processes, and a value may be a secret.
    ...mapNames(variableValues, (name) => `TF_VAR_${name}`),
  }
}

/** Parameter names may hold anything, so the provider looks for a hash of them. */
function parameterVariable(name: string): string {
  return `CODER_PARAMETER_${createHash('sha256').update(name).digest('hex')}`
}

function mapNames(
  values: Readonly<Record<string, string>>,
  rename: (name: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]))
}
