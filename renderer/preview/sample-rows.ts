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
  readonly group: string
}

const minute = 60_000

const lines = `
owner|payments-api|running|Running|go-service|Favourites|102
owner|web-storefront|running|Running|node-monorepo|Favourites|12
owner|ml-ranking|starting|Starting the agent|cuda-notebook|Favourites|
owner|ledger-migrations|running|Running|go-service|Mine|185
owner|load-test-eu|unhealthy|Agent unreachable|load-runner|Mine|320
owner|search-indexer|failed|Build failed|rust-workspace|Mine|
owner|docs-site|stopped|Stopped|node-small|Mine|
owner|infra-live|stopped|Stopped|terraform-base|Mine|
owner|ios-gateway|pending|Queued, 2nd in line|go-service|Mine|
owner|tmp-bisect-4127|deleting|Deleting|go-service|Mine|
platform|observability-stack|running|Running|compose-stack|Shared with me|4000
design|storybook-preview|running|Running|node-small|Shared with me|48
data|warehouse-dbt|stopped|Stopped|python-data|Shared with me|
`

const base: readonly SampleRow[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [owner = '', name = '', status = '', state = '', template = '', group = '', stops = ''] =
      line.split('|')
    return {
      owner,
      name,
      status: status as Status,
      state,
      template,
      group,
      version: `v${(name.length % 7) + 1}.${name.length % 5}`,
      stops: stops === '' ? null : Date.now() + Number(stops) * minute,
      usedMs: Date.now() - name.length * 7 * minute,
    }
  })

/** The sample, or as many rows as asked for. */
export function sampleRows(count: number): readonly SampleRow[] {
  if (count <= base.length) return base.slice(0, count)
  return Array.from({ length: count }, (_, index) => {
    const from = base[index % base.length]
    if (!from) throw new Error('There are no sample rows.')
    return { ...from, name: index < base.length ? from.name : `${from.name}-${index}` }
  })
}
