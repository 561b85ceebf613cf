import { useId } from 'react'
import type { ToolPolicy, ToolRule } from '#bridge/contract/chats-approvals'
import { Card } from '../../ui/card.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { LockIcon, Undo2Icon } from '../../ui/icons.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { policyLabel, policyOptions } from './policy-words.ts'
import { ceilingOf, effectivePolicy, isWithin, policyWithout, ruleAt, stricter } from './tool-policy.ts'
import { type NamedServer, type RuleRow, ruleGroups } from './tool-words.ts'
import type { Policy, SetRule } from './use-tool-policy.ts'

export interface RuleTableProps {
  readonly policy: Policy
  readonly set: SetRule
  readonly servers: readonly NamedServer[]
  /** Rules that cannot be loosened here. */
  readonly ceilings: readonly ToolRule[]
}

/** Every tool with what happens when an agent wants to use it. */
export function RuleTable(props: RuleTableProps) {
  const { policy, servers } = props
  const named = [...policy.defaults, ...policy.rules]
    .filter((rule) => rule.workspace_id === undefined)
    .map(({ tool }) => tool)
  return (
    <Card flush>
      <table aria-label="Rules for tools" className="w-full table-fixed border-collapse">
        <thead className="sr-only">
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">Rule</th>
          </tr>
        </thead>
        {ruleGroups(named, servers).map(({ title, rows }) => (
          <tbody key={title} className="border-line not-last:border-b [&>tr:last-child>*]:pb-2">
            <tr>
              <th
                scope="rowgroup"
                colSpan={2}
                className="px-3.5 pt-3 pb-1 text-left text-sm font-medium text-fg-3"
              >
                {title}
              </th>
            </tr>
            {rows.map((row) => (
              <Row key={row.tool} {...props} row={row} />
            ))}
          </tbody>
        ))}
      </table>
    </Card>
  )
}

function Row(props: RuleTableProps & { readonly row: RuleRow }) {
  const { policy, set, ceilings, row } = props
  const nameId = useId()
  const place = { tool: row.tool }
  const ceiling = ceilingOf(ceilings, row.tool)
  const shown = stricter(effectivePolicy(policy, row.tool), ceiling)
  const isSet = ruleAt(policy.rules, place) !== undefined
  const without = stricter(policyWithout(policy, row.tool), ceiling)
  const choose = (next: ToolPolicy): void => {
    if (next !== shown || !isSet) set(place, next, `${row.label}: ${policyLabel(next)}`)
  }
  return (
    <tr className="hover:bg-hover">
      <th scope="row" id={nameId} className="h-9 py-1 pl-3.5 text-left font-normal">
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="flex-none">{row.label}</span>
          {row.label === row.tool || row.tool === '*' ? null : (
            <span className="cut code-text text-fg-3">{row.tool}</span>
          )}
        </span>
      </th>
      <td className="w-[270px] py-1 pr-3.5">
        <span className="flex items-center justify-end gap-1">
          {ceiling === 'always' ? null : (
            <Tooltip
              content={`The deployment says: ${policyLabel(ceiling)}. Your rule can only be stricter.`}
            >
              <span
                role="img"
                aria-label={`The deployment says: ${policyLabel(ceiling)}`}
                className="grid size-7 place-items-center text-fg-3"
              >
                <LockIcon className="size-3.5" />
              </span>
            </Tooltip>
          )}
          {isSet ? (
            <IconButton
              label={`Back to ${policyLabel(without)}, which holds without a rule`}
              icon={<Undo2Icon className="size-3.5" />}
              onClick={() => set(place, undefined, `${row.label}: back to ${policyLabel(without)}`)}
            />
          ) : null}
          <Segmented
            aria-label={row.label}
            options={policyOptions.map((option) => ({
              ...option,
              disabled: !isWithin(option.value, ceiling),
            }))}
            value={shown}
            onChange={choose}
          />
        </span>
      </td>
    </tr>
  )
}
