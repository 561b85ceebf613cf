import type { Status } from '../ui/status-mark.tsx'

/** A workspace as the preview needs it. Names are invented. */
export interface SampleRow {
  readonly name: string
  readonly owner: string
  readonly status: Status
  readonly state: string
  readonly template: string
  readonly version: string
  readonly stops: number | null
  readonly usedMs: number
  readonly group: 'Favourites' | 'Mine' | 'Shared with me'
}

const minute = 60_000

const base: readonly SampleRow[] = [
  row('payments-api', 'running', 'Running', 'go-service', 'Favourites', 102),
  row('web-storefront', 'running', 'Running', 'node-monorepo', 'Favourites', 12),
  row('ml-ranking', 'starting', 'Starting the agent', 'cuda-notebook', 'Favourites', null),
  row('ledger-migrations', 'running', 'Running', 'go-service', 'Mine', 185),
  row('load-test-eu', 'unhealthy', 'Agent unreachable', 'load-runner', 'Mine', 320),
  row('search-indexer', 'failed', 'Build failed', 'rust-workspace', 'Mine', null),
  row('docs-site', 'stopped', 'Stopped', 'node-small', 'Mine', null),
  row('infra-live', 'stopped', 'Stopped', 'terraform-base', 'Mine', null),
  row('ios-gateway', 'pending', 'Queued, 2nd in line', 'go-service', 'Mine', null),
  row('tmp-bisect-4127', 'deleting', 'Deleting', 'go-service', 'Mine', null),
  row('observability-stack', 'running', 'Running', 'compose-stack', 'Shared with me', 4000, 'platform'),
  row('storybook-preview', 'running', 'Running', 'node-small', 'Shared with me', 48, 'design'),
  row('warehouse-dbt', 'stopped', 'Stopped', 'python-data', 'Shared with me', null, 'data'),
]

function row(
  name: string,
  status: Status,
  state: string,
  template: string,
  group: SampleRow['group'],
  stopsInMinutes: number | null,
  owner = 'owner',
): SampleRow {
  const age = name.length * 7 * minute
  return {
    name,
    owner,
    status,
    state,
    template,
    version: `v${(name.length % 7) + 1}.${name.length % 5}`,
    stops: stopsInMinutes === null ? null : Date.now() + stopsInMinutes * minute,
    usedMs: Date.now() - age,
    group,
  }
}

/** The sample, or as many rows as asked for. */
export function sampleRows(count: number): readonly SampleRow[] {
  if (count <= base.length) return base.slice(0, count)
  return Array.from({ length: count }, (_, index) => {
    const from = base[index % base.length]
    if (!from) throw new Error('There are no sample rows.')
    return { ...from, name: index < base.length ? from.name : `${from.name}-${index}` }
  })
}
