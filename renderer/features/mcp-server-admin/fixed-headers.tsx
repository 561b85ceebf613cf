import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { LockIcon, PlusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { keepsHeaders } from './draft-request.ts'
import { RowGroup } from './row-group.tsx'
import { SecretField } from './secret-field.tsx'
import type { FixedHeaderRow } from './server-draft.ts'
import type { ServerForm } from './use-server-form.ts'

/** Headers with one value for all. Stored ones can be kept or replaced as a whole, since nobody can read them. */
export function FixedHeaders({ form }: { readonly form: ServerForm }) {
  const { base, draft } = form
  const isStored = base?.has_custom_headers === true && base.auth_type === 'custom_headers'
  const setRows = (rows: readonly FixedHeaderRow[]) => form.change({ custom_headers: rows })
  const add = () => setRows([...draft.custom_headers, { id: crypto.randomUUID(), name: '' }])
  const replace = () =>
    form.change({ keeps_headers: false, custom_headers: [{ id: crypto.randomUUID(), name: '' }] })
  if (keepsHeaders(draft, base ?? undefined))
    return (
      <RowGroup title="Headers you set for all" error={form.error('custom_headers')}>
        <Notice
          icon={<LockIcon />}
          title="Set"
          actions={
            <>
              <Button onClick={replace}>Replace</Button>
              <Button
                variant="ghost"
                onClick={() => form.change({ keeps_headers: false, custom_headers: [] })}
              >
                Remove
              </Button>
            </>
          }
        >
          Their names and values are stored, and nobody can read them. Replacing takes all of them.
        </Notice>
      </RowGroup>
    )
  return (
    <RowGroup
      title="Headers you set for all"
      help="Their values are write-only: nobody can read them afterwards."
      error={form.error('custom_headers')}
      actions={
        <>
          {isStored ? (
            <Button
              variant="ghost"
              size="sm"
              onClick={() => form.change({ keeps_headers: true, custom_headers: [] })}
            >
              Keep the stored ones
            </Button>
          ) : null}
          <Button size="sm" icon={<PlusIcon />} onClick={add}>
            Add header
          </Button>
        </>
      }
    >
      {isStored ? <Notice tone="warn">The stored ones are removed when you save.</Notice> : null}
      {draft.custom_headers.map((row, index) => (
        <HeaderRow
          key={row.id}
          form={form}
          row={row}
          label={`Header ${index + 1}`}
          onChange={(name) =>
            setRows(draft.custom_headers.map((one) => (one.id === row.id ? { ...one, name } : one)))
          }
          onRemove={() => setRows(draft.custom_headers.filter(({ id }) => id !== row.id))}
        />
      ))}
    </RowGroup>
  )
}

interface HeaderRowProps {
  readonly form: ServerForm
  readonly row: FixedHeaderRow
  readonly label: string
  readonly onChange: (name: string) => void
  readonly onRemove: () => void
}

function HeaderRow({ form, row, label, onChange, onRemove }: HeaderRowProps) {
  const { headerValues } = form.secrets
  return (
    <div className="flex items-start gap-2">
      <Field label={label} hideLabel error={form.error(row.id)} className="flex-1">
        <Input
          mono
          value={row.name}
          placeholder="X-Tenant"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => form.touch(row.id)}
        />
      </Field>
      <div className="min-w-0 flex-1">
        <SecretField
          label={`Value of ${row.name.trim() || label}`}
          hideLabel
          placeholder="Value"
          error={undefined}
          value={headerValues[row.id] ?? ''}
          stored={false}
          onChange={(value) =>
            form.changeSecrets({ headerValues: { ...headerValues, [row.id]: value ?? '' } })
          }
          onBlur={() => form.touch(row.id)}
        />
      </div>
      <IconButton
        size="lg"
        label={`Remove ${row.name.trim() || label}`}
        icon={<Trash2Icon />}
        onClick={onRemove}
      />
    </div>
  )
}
