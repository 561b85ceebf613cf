import { readAgent, type AgentCore } from './blocks/agent.ts'
import { readApp } from './blocks/app.ts'
import { readMetadata, type ResourceMetadata } from './blocks/metadata.ts'
import { readScript } from './blocks/script.ts'
import type { BlockReader } from './block-reader.ts'
import type { PlannedAgent, PlannedApp, PlannedResource, PlannedScript } from './provisioner.ts'
import { TemplateError } from './template-error.ts'
import type { Instance } from './template-instance.ts'
import type { TypedBlock } from './template-module.ts'

/** What a workspace of the built-in provisioner is: a folder of this machine. */
export const folderResourceType = 'local_folder'

/** Where a plan's blocks come from: an evaluated template, or what Terraform made of one. */
export interface BlockInstances {
  instancesOf(
    kind: 'data' | 'resource',
    type: string,
  ): readonly { readonly typed: TypedBlock; readonly instance: Instance }[]
}

interface AgentDraft {
  readonly core: AgentCore
  readonly environment: Record<string, string>
  readonly scripts: PlannedScript[]
  readonly apps: PlannedApp[]
  metadata: ResourceMetadata | undefined
}

/**
 * What a template makes: one folder an agent. A stopped workspace keeps its folders without their agents, a deleted one
 * has nothing; in Terraform it is the compute resource around the agent whose `count` says so.
 */
export function planResources(
  blocks: BlockInstances,
  transition: 'start' | 'stop' | 'delete',
): PlannedResource[] {
  const agents = readAgents(blocks)
  addEnvironments(agents, blocks.instancesOf('resource', 'coder_env'))
  for (const { instance } of blocks.instancesOf('resource', 'coder_script')) {
    const agent = findAgent(agents, instance.reader, 'agent_id')
    agent.scripts.push(readScript(instance.reader))
  }
  const slugs = new Set<string>()
  for (const { instance } of blocks.instancesOf('resource', 'coder_app'))
    addApp(agents, instance.reader, slugs)
  for (const { instance } of blocks.instancesOf('resource', 'coder_metadata')) {
    const agent = findAgent(agents, instance.reader, 'resource_id')
    const metadata = readMetadata(instance.reader)
    agent.metadata = metadata
  }
  if (transition === 'delete') return []
  return [...agents.values()].map((draft) => toResource(draft, transition === 'start'))
}

/** Coder names an agent after its block; of several by `count` only the first can have that name. */
export function agentName(typed: Pick<TypedBlock, 'name'>, { key }: Pick<Instance, 'key'>): string {
  return key === undefined || key === 0 ? typed.name : `${typed.name}-${key}`
}

function readAgents(blocks: BlockInstances): Map<string, AgentDraft> {
  const agents = new Map<string, AgentDraft>()
  const names = new Set<string>()
  for (const { typed, instance } of blocks.instancesOf('resource', 'coder_agent')) {
    const name = agentName(typed, instance)
    if (!/^[a-zA-Z0-9](-?[a-zA-Z0-9])*$/.test(name)) {
      throw new TemplateError(
        `The agent's name "${name}" may only hold letters, digits and single hyphens between them.`,
        typed.block.at,
      )
    }
    if (names.has(name.toLowerCase()))
      throw new TemplateError(`Two agents are named "${name}".`, typed.block.at)
    names.add(name.toLowerCase())
    const core = readAgent(instance.reader, name)
    agents.set(instance.address, {
      core,
      environment: { ...core.environment },
      scripts: [...core.scripts],
      apps: [],
      metadata: undefined,
    })
  }
  return agents
}

const mergeStrategies = ['replace', 'append', 'prepend', 'error'] as const

/**
 * Adds the `coder_env`s, in the order of their addresses: several of one name are merged as each says, and the agent's
 * own environment wins over all of them (terraform-provider-coder, resource coder_env).
 */
function addEnvironments(
  agents: ReadonlyMap<string, AgentDraft>,
  instances: ReturnType<BlockInstances['instancesOf']>,
): void {
  const merged = new Map<AgentDraft, Map<string, string>>()
  const sorted = [...instances].sort((a, b) => (a.instance.address < b.instance.address ? -1 : 1))
  for (const {
    instance: { reader },
  } of sorted) {
    const agent = findAgent(agents, reader, 'agent_id')
    const values = merged.get(agent) ?? new Map<string, string>()
    merged.set(agent, values)
    addEnvironment(values, reader)
  }
  for (const [agent, values] of merged) {
    for (const [name, value] of values) agent.environment[name] ??= value
  }
}

function addEnvironment(values: Map<string, string>, reader: BlockReader): void {
  const name = reader.requiredText('name')
  const value = reader.text('value')
  const strategy = reader.oneOf('merge_strategy', mergeStrategies, 'replace')
  reader.finish()
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw reader.error('name', 'This is no name of an environment variable.')
  const before = values.get(name)
  if (before === undefined || strategy === 'replace') values.set(name, value)
  else if (strategy === 'append') values.set(name, `${before}:${value}`)
  else if (strategy === 'prepend') values.set(name, `${value}:${before}`)
  else throw reader.error('merge_strategy', `Another coder_env sets ${name} as well, which this one forbids.`)
}

function addApp(agents: ReadonlyMap<string, AgentDraft>, reader: BlockReader, slugs: Set<string>): void {
  const agent = findAgent(agents, reader, 'agent_id')
  const app = readApp(reader)
  if (slugs.has(app.slug)) throw reader.error('slug', `Two apps have the slug "${app.slug}".`)
  slugs.add(app.slug)
  agent.apps.push(app)
}

function findAgent(
  agents: ReadonlyMap<string, AgentDraft>,
  reader: BlockReader,
  argument: string,
): AgentDraft {
  const id = reader.requiredText(argument)
  const agent = agents.get(id)
  if (agent === undefined)
    throw reader.error(argument, 'This is not the id of a coder_agent that exists in this build.')
  return agent
}

function toResource(draft: AgentDraft, isRunning: boolean): PlannedResource {
  const { core, environment, scripts, apps, metadata } = draft
  const agent: PlannedAgent = { ...core, environment, scripts, apps }
  return {
    type: folderResourceType,
    name: core.name,
    hide: metadata?.hide ?? false,
    icon: metadata?.icon ?? '',
    dailyCost: metadata?.dailyCost ?? 0,
    metadata: metadata?.items ?? [],
    agents: isRunning ? [agent] : [],
  }
}
