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
  for (const { instance } of blocks.instancesOf('resource', 'coder_env'))
    addEnvironment(agents, instance.reader)
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

/** The agent's own environment wins (terraform-provider-coder, resource coder_env). */
function addEnvironment(agents: ReadonlyMap<string, AgentDraft>, reader: BlockReader): void {
  const agent = findAgent(agents, reader, 'agent_id')
  const name = reader.requiredText('name')
  const value = reader.text('value')
  reader.finish()
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw reader.error('name', 'This is no name of an environment variable.')
  agent.environment[name] ??= value
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
