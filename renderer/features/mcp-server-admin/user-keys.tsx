import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ArrowDownIcon, ArrowUpIcon, PlusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Input } from '../../ui/input.tsx'
import { RowGroup } from './row-group.tsx'
import type { UserKeyRow } from './server-draft.ts'
import type { ServerForm } from './use-server-form.ts'

/** The headers whose values belong to each user: names, descriptions and their order. */
export function UserKeys({ form }: { readonly form: ServerForm }) {
  const rows = form.draft.user_keys
  const setRows = (next: readonly UserKeyRow[]) => form.change({ user_keys: next })
  const add = () => setRows([...rows, { id: crypto.randomUUID(), name: '', description: '' }])
  return (
    <RowGroup
      title="Headers of each user"
      help="You name them; the values belong to the users, and nobody else can read them."
      error={form.error('custom_headers_user_keys') ?? form.error('custom_headers_user_key_descriptions')}
      actions={
        <Button size="sm" icon={<PlusIcon />} onClick={add}>
          Add user header
        </Button>
      }
    >
      {rows.map((row, index) => (
        <KeyRow
          key={row.id}
          form={form}
          row={row}
          label={`User header ${index + 1}`}
          isFirst={index === 0}
          isLast={index === rows.length - 1}
          onChange={(change) => setRows(rows.map((one) => (one.id === row.id ? { ...one, ...change } : one)))}
          onMove={(by) => setRows(moved(rows, index, by))}
          onRemove={() => setRows(rows.filter(({ id }) => id !== row.id))}
        />
      ))}
    </RowGroup>
  )
}

function moved(rows: readonly UserKeyRow[], index: number, by: number): readonly UserKeyRow[] {
  const row = rows[index]
  if (row === undefined) return rows
  const others = rows.filter((one) => one !== row)
  return [...others.slice(0, index + by), row, ...others.slice(index + by)]
}

interface KeyRowProps {
  readonly form: ServerForm
  readonly row: UserKeyRow
  readonly label: string
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly onChange: (change: Partial<UserKeyRow>) => void
  readonly onMove: (by: number) => void
  readonly onRemove: () => void
}

function KeyRow({ form, row, label, isFirst, isLast, onChange, onMove, onRemove }: KeyRowProps) {
  const name = row.name.trim() || label
  return (
    <div className="flex items-start gap-2">
      <Field label={label} hideLabel error={form.error(row.id)} className="flex-2">
        <Input
          mono
          value={row.name}
          placeholder="X-Api-Key"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
          onBlur={() => form.touch(row.id)}
        />
      </Field>
      <Field label={`Description of ${name}`} hideLabel className="flex-3">
        <Input
          value={row.description}
          placeholder="Where a user finds the value"
          onChange={(event) => onChange({ description: event.target.value })}
        />
      </Field>
      <div className="flex flex-none">
        <IconButton
          size="lg"
          label={`Move ${name} up`}
          icon={<ArrowUpIcon />}
          disabled={isFirst}
          onClick={() => onMove(-1)}
        />
        <IconButton
          size="lg"
          label={`Move ${name} down`}
          icon={<ArrowDownIcon />}
          disabled={isLast}
          onClick={() => onMove(1)}
        />
        <IconButton size="lg" label={`Remove ${name}`} icon={<Trash2Icon />} onClick={onRemove} />
      </div>
    </div>
  )
}
