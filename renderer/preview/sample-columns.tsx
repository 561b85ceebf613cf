import { Badge } from '../ui/badge.tsx'
import { TextButton } from '../ui/button.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import type { Column } from '../ui/table/column.ts'
import { Countdown, RelativeTime } from '../ui/time.tsx'
import type { SampleRow } from './sample-rows.ts'

/** The columns of the sample list. */
export const sampleColumns: readonly Column<SampleRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 160,
    grow: 1,
    compare: (a, b) => a.name.localeCompare(b.name),
    cell: (row) => (
      <span className="cut font-medium">
        {row.owner === 'owner' ? null : <span className="font-normal text-fg-3">{row.owner}/</span>}
        {row.name}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 148,
    compare: (a, b) => a.state.localeCompare(b.state),
    cell: (row) => <StatusMark status={row.status} label={row.state} />,
  },
  {
    id: 'template',
    header: 'Template',
    width: 200,
    cell: (row) => (
      <>
        <span className="cut text-fg-2">{row.template}</span>
        {row.name === 'ledger-migrations' ? (
          <Badge tone="accent">Update</Badge>
        ) : (
          <span className="num text-sm text-fg-3">{row.version}</span>
        )}
      </>
    ),
  },
  {
    id: 'stops',
    header: 'Stops in',
    width: 132,
    cell: (row) =>
      row.stops === null ? null : row.stops - Date.now() < 900_000 ? (
        <>
          <Countdown to={row.stops} className="text-warn-fg" />
          <TextButton className="text-sm">Extend</TextButton>
        </>
      ) : (
        <Countdown to={row.stops} />
      ),
  },
  {
    id: 'used',
    header: 'Used',
    width: 96,
    hideBelow: 900,
    cell: (row) => <RelativeTime value={row.usedMs} className="text-sm text-fg-3" />,
  },
]
