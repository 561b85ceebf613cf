import { useState, type SyntheticEvent } from 'react'
import type { ChatUsageLimits, ChatUsageOverride } from '#bridge/contract/chats-cost'
import { errorWords } from '../../api/error-words.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Trash2Icon } from '../../ui/icons.tsx'
import { Input } from '../../ui/input.tsx'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { toast } from '../../ui/toast-store.ts'
import { toastFailure } from '../ai-models/index.ts'
import { formatDollars } from '../../lib/money.ts'
import { readDollars } from './dollars.ts'
import { keepNewLimit, useNewLimit } from './limits-draft.ts'
import { useKnownPeople } from './use-known-people.ts'
import { useLimitChanges } from './use-limits.ts'

export interface PersonalLimitsProps {
  readonly deploymentId: string
  readonly limits: ChatUsageLimits
}

interface Exception {
  readonly key: string
  readonly name: string
  readonly micros: number
  /** Absent: a group, whose limit is set elsewhere. */
  readonly user?: ChatUsageOverride
}

/** People with a limit of their own in place of everybody's. */
export function PersonalLimits({ deploymentId, limits }: PersonalLimitsProps) {
  const { setUserLimit } = useLimitChanges(deploymentId)
  const remove = ({ user_id: userId, username, spend_limit_micros: before }: ChatUsageOverride): void => {
    const restore = () =>
      setUserLimit.mutate(
        { deploymentId, userId, spendLimitMicros: before },
        { onError: toastFailure(`${username} has no limit of their own`) },
      )
    void setUserLimit
      .mutateAsync({ deploymentId, userId, spendLimitMicros: null })
      .then(
        () =>
          toast({ title: `${username} has everybody’s limit`, action: { label: 'Undo', onSelect: restore } }),
        toastFailure(`The limit of ${username} stays`),
      )
  }
  const rows: readonly Exception[] = [
    ...limits.overrides.map((user) => ({
      key: user.user_id,
      name: user.name === '' ? user.username : user.name,
      micros: user.spend_limit_micros,
      user,
    })),
    ...limits.group_overrides.map((group) => ({
      key: group.group_id,
      name: group.group_display_name === '' ? group.group_name : group.group_display_name,
      micros: group.spend_limit_micros,
    })),
  ]
  const columns: readonly ShortColumn<Exception>[] = [
    {
      id: 'name',
      header: 'Who',
      rowHeader: true,
      cell: ({ name, user }) => (
        <span className="flex min-w-0 items-center gap-2">
          {user === undefined ? <Badge>Group</Badge> : <Avatar name={name} />}
          <span className="cut">{name}</span>
          {user === undefined || user.username === name ? null : (
            <span className="cut text-fg-3">{user.username}</span>
          )}
        </span>
      ),
    },
    {
      id: 'limit',
      header: 'Limit',
      align: 'end',
      className: 'w-32',
      cell: ({ micros }) => formatDollars(micros),
    },
    {
      id: 'remove',
      header: 'Remove',
      hideHeader: true,
      className: 'w-14',
      cell: ({ name, user }) =>
        user === undefined ? null : (
          <IconButton
            label={`Remove the limit of ${name}`}
            icon={<Trash2Icon />}
            onClick={() => remove(user)}
          />
        ),
    },
  ]
  return (
    <Card title="Limits of single people" meta="In place of everybody’s" flush>
      {rows.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-3">Nobody has one. Everybody’s limit holds for all.</p>
      ) : (
        <ShortTable label="Limits of single people" columns={columns} rows={rows} rowKey={({ key }) => key} />
      )}
      <AddLimit deploymentId={deploymentId} />
    </Card>
  )
}

function AddLimit({ deploymentId }: { readonly deploymentId: string }) {
  const people = useKnownPeople(deploymentId)
  const { userId, amount } = useNewLimit(deploymentId)
  const [isChecked, setIsChecked] = useState(false)
  const { setUserLimit } = useLimitChanges(deploymentId)
  const read = readDollars(amount)
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setIsChecked(true)
    if (userId === null || !('micros' in read)) return
    setUserLimit.mutate(
      { deploymentId, userId, spendLimitMicros: read.micros },
      {
        onSuccess: () => {
          keepNewLimit(deploymentId)
          setIsChecked(false)
        },
      },
    )
  }
  return (
    <form
      noValidate
      className="flex flex-wrap items-start gap-2 border-t border-line px-3.5 py-3"
      onSubmit={submit}
    >
      <Field
        className="min-w-48 flex-1"
        label="Person"
        help="Who has used an agent in the last year."
        error={personProblem(people.error, isChecked && userId === null)}
      >
        <Combobox
          options={people.options}
          value={userId}
          onChange={(chosen) => keepNewLimit(deploymentId, { userId: chosen })}
          placeholder={people.isPending ? 'Loading…' : 'Find by name'}
          emptyText="Nobody with this name has used an agent."
        />
      </Field>
      <Field
        className="w-52"
        label="May spend"
        error={isChecked && 'problem' in read ? read.problem : undefined}
      >
        <Input
          inputMode="decimal"
          leading={<span className="text-fg-3">$</span>}
          autoComplete="off"
          placeholder="25.00"
          value={amount}
          onChange={(event) => keepNewLimit(deploymentId, { amount: event.target.value })}
        />
      </Field>
      <Button type="submit" size="lg" className="mt-[26px]" loading={setUserLimit.isPending}>
        Add limit
      </Button>
      {setUserLimit.isError ? (
        <p role="alert" className="basis-full text-sm text-bad-fg copyable">
          {errorWords(setUserLimit.error).message}
        </p>
      ) : null}
    </form>
  )
}

function personProblem(error: Error | null, isMissing: boolean): string | undefined {
  if (error !== null) return `The people cannot be listed. ${errorWords(error).message}`
  return isMissing ? 'Choose a person.' : undefined
}
