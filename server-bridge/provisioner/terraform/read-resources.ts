import { readMetadata, type ResourceMetadata } from '../blocks/metadata.ts'
import { agentName, folderResourceType, planResources, type BlockInstances } from '../plan-resources.ts'
import type { PlannedAgent, PlannedResource } from '../provisioner.ts'
import { labelOf, parseGraph, type DependencyGraph } from './dependency-graph.ts'
import { jsonBlockReader, toBlock } from './json-block.ts'
import type { JsonResource } from './plan-json.ts'

/**
 * What a workspace consists of, from a plan or a state: the resources that are not the coder provider's own, each with
 * the agents that it needs first. An agent that nothing needs is a folder of this machine, as all agents run here.
 *
 * @param graphText What `terraform graph` draws of the same template.
 */
export function readResources(
  resources: readonly JsonResource[],
  graphText: string,
  transition: 'start' | 'stop',
): PlannedResource[] {
  const managed = resources.filter(({ mode }) => mode === 'managed')
  const graph = parseGraph(graphText)
  const owners = new Owners(managed, graph)
  const agents = readAgents(managed, owners)
  const placed = new Map<string, PlannedAgent[]>()
  for (const { address, agent } of agents) {
    const place = owners.computeOf(address)?.address ?? ''
    placed.set(place, [...(placed.get(place) ?? []), agent])
  }
  const metadata = readResourceMetadata(managed, owners)
  const isRunning = transition === 'start'
  const computed = managed
    .filter(({ type }) => !type.startsWith('coder_'))
    .map((resource): PlannedResource => {
      const { hide, icon, dailyCost, items } = metadata.get(resource.address) ?? noMetadata
      const own = isRunning ? (placed.get(resource.address) ?? []) : []
      return {
        type: resource.type,
        name: resource.name,
        hide,
        icon,
        dailyCost,
        metadata: items,
        agents: own,
      }
    })
  const folders = (placed.get('') ?? []).map((agent): PlannedResource => ({
    type: folderResourceType,
    name: agent.name,
    ...{ hide: false, icon: '', dailyCost: 0, metadata: [] },
    agents: isRunning ? [agent] : [],
  }))
  return [...computed, ...folders]
}

const noMetadata: ResourceMetadata = { hide: false, icon: '', dailyCost: 0, items: [] }

/** Resources whose block gets its agent's script or token, and so would run an agent of their own. */
export function findAgentHosts(resources: readonly JsonResource[], graphText: string): JsonResource[] {
  const managed = resources.filter(({ mode }) => mode === 'managed')
  const owners = new Owners(managed, parseGraph(graphText))
  return managed
    .filter(({ type }) => type === 'coder_agent')
    .flatMap(({ address }) => owners.computeOf(address) ?? [])
}

/** The agents by the rules of the built-in provisioner, from blocks that Terraform has filled in. */
function readAgents(
  managed: readonly JsonResource[],
  owners: Owners,
): { readonly address: string; readonly agent: PlannedAgent }[] {
  const blocks: BlockInstances = {
    instancesOf: (kind, type) =>
      kind === 'data' || type === 'coder_metadata'
        ? []
        : managed
            .filter((resource) => resource.type === type)
            .map((resource) => {
              const { address, name, index, values = {} } = resource
              const filled = { ...values, agent_id: owners.agentOf(resource)?.address ?? null }
              return {
                typed: { type, name, block: toBlock([type, name], filled) },
                instance: { address, key: index, reader: jsonBlockReader(address, filled) },
              }
            }),
  }
  const byName = new Map(
    planResources(blocks, 'start').flatMap(({ agents }) => agents.map((agent) => [agent.name, agent])),
  )
  return managed
    .filter(({ type }) => type === 'coder_agent')
    .flatMap(({ address, name, index }) => {
      const agent = byName.get(agentName({ name }, { key: index }))
      return agent === undefined ? [] : [{ address, agent }]
    })
}

function readResourceMetadata(
  managed: readonly JsonResource[],
  owners: Owners,
): Map<string, ResourceMetadata> {
  const found = new Map<string, ResourceMetadata>()
  for (const resource of managed) {
    if (resource.type !== 'coder_metadata') continue
    const target = owners.described(resource)
    if (target)
      found.set(target.address, readMetadata(jsonBlockReader(resource.address, resource.values ?? {})))
  }
  return found
}

/** Which resource belongs to which: by id where there are ids, else by what the template refers to. */
class Owners {
  readonly #managed: readonly JsonResource[]
  readonly #graph: DependencyGraph

  constructor(managed: readonly JsonResource[], graph: DependencyGraph) {
    this.#managed = managed
    this.#graph = graph
  }

  /** The agent that an app, a script or a variable is of. */
  agentOf(resource: JsonResource): JsonResource | undefined {
    return this.#target(resource, 'agent_id', ({ type }) => type === 'coder_agent')
  }

  /** What a `coder_metadata` is about. */
  described(resource: JsonResource): JsonResource | undefined {
    return this.#target(resource, 'resource_id', ({ type }) => !type.startsWith('coder_'))
  }

  /** The resource that runs an agent: the nearest one that needs it (as in Coder, the first by name of several). */
  computeOf(agentAddress: string): JsonResource | undefined {
    for (const { label } of this.#graph.dependents(labelOf(agentAddress))) {
      const found = this.#managed.find(
        ({ address, type }) => labelOf(address) === label && !type.startsWith('coder_'),
      )
      if (found !== undefined) return found
    }
    return undefined
  }

  #target(
    resource: JsonResource,
    argument: string,
    accepts: (candidate: JsonResource) => boolean,
  ): JsonResource | undefined {
    const id = resource.values?.[argument]
    const candidates = this.#managed.filter(accepts)
    if (typeof id === 'string' && id !== '') return candidates.find(({ values }) => values?.['id'] === id)
    for (const { label } of this.#graph.dependencies(labelOf(resource.address))) {
      const found = candidates.find(({ address }) => labelOf(address) === label)
      if (found !== undefined) return found
    }
    return undefined
  }
}
