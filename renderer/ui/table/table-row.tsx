import { useState, type MouseEvent } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../button.tsx'
import { ChevronDownIcon, ChevronRightIcon, EllipsisIcon } from '../icons.tsx'
import { isMenuAction, type MenuAction, type MenuItem } from '../menu-item.ts'
import { Tooltip } from '../tooltip.tsx'
import type { Column } from './column.ts'
import { openContextMenu } from './open-context-menu.ts'
import { RowCheck } from './row-check.tsx'
import type { GroupLine, RowLine } from './table-lines.ts'

/** Where a line stands. */
interface LinePlace {
  readonly id: string
  readonly index: number
  readonly top: number
  /** The keyboard is here. */
  readonly isCurrent: boolean
}

export interface TableRowProps<Row> extends LinePlace {
  readonly line: RowLine<Row>
  readonly columns: readonly Column<Row>[]
  readonly template: string
  /** undefined when rows cannot be selected. */
  readonly isSelected: boolean | undefined
  /** 2 inside a group; left out in a flat table. */
  readonly level: number | undefined
  readonly actions: ((rows: readonly Row[]) => readonly MenuItem[]) | undefined
  readonly onPress: (event: MouseEvent, line: RowLine<Row>) => void
  readonly onCheck: (event: MouseEvent, line: RowLine<Row>) => void
}

const keyboardRing =
  'group-focus-visible/table:before:pointer-events-none group-focus-visible/table:before:absolute ' +
  'group-focus-visible/table:before:inset-0 group-focus-visible/table:before:rounded-sm ' +
  'group-focus-visible/table:before:outline-2 group-focus-visible/table:before:-outline-offset-2 ' +
  "group-focus-visible/table:before:outline-ring group-focus-visible/table:before:content-['']"

/** A row: cells on the shared grid, selection at the left, actions at the right while the pointer is over it. */
export function TableRow<Row>(props: TableRowProps<Row>) {
  const { line, isSelected, actions } = props
  const [isHovered, setHovered] = useState(false)
  return (
    <div
      id={props.id}
      role="row"
      data-row-key={line.key}
      aria-level={props.level}
      aria-rowindex={props.index + 2}
      aria-selected={isSelected}
      className={classNames(
        'absolute inset-x-0 grid h-9 items-center gap-x-3 border-b border-line px-3',
        isSelected ? 'bg-selected' : 'hover:bg-hover',
        props.isCurrent && keyboardRing,
      )}
      style={{ gridTemplateColumns: props.template, transform: `translateY(${props.top}px)` }}
      onClick={(event) => {
        props.onPress(event, line)
      }}
      onPointerEnter={() => {
        setHovered(true)
      }}
      onPointerLeave={() => {
        setHovered(false)
      }}
    >
      {isSelected === undefined ? null : (
        <div role="gridcell" className="flex items-center">
          <RowCheck
            label="Select row"
            checked={isSelected}
            onPress={(event) => {
              props.onCheck(event, line)
            }}
          />
        </div>
      )}
      {props.columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classNames(
            'flex min-w-0 items-center gap-2 overflow-hidden',
            column.align === 'end' && 'justify-end',
          )}
        >
          {column.cell(line.row)}
        </div>
      ))}
      {isHovered && actions ? (
        <RowActions actions={actions([line.row])} isSelected={isSelected === true} />
      ) : null}
    </div>
  )
}

function stopPropagation(event: MouseEvent): void {
  event.stopPropagation()
}

/** The buttons at the right end. Not in the tab order: the keyboard has the context menu with the same actions. */
function RowActions({
  actions,
  isSelected,
}: {
  readonly actions: readonly MenuItem[]
  readonly isSelected: boolean
}) {
  if (actions.length === 0) return null
  const inline = actions.filter((item): item is MenuAction => isMenuAction(item) && item.inline === true)
  return (
    <div
      role="gridcell"
      // The cell behind fades out instead of showing half a word at the edge of the buttons.
      className="pointer-events-none absolute inset-y-0 right-0 flex items-center bg-page pr-2 pl-16 [mask-image:linear-gradient(to_right,transparent,var(--fg)_40px)]"
    >
      <span className={classNames('absolute inset-0', isSelected ? 'bg-selected' : 'bg-hover')} />
      <span
        className="pointer-events-auto relative flex gap-0.5 rounded-md bg-float p-px ring-1 ring-line-strong"
        onClick={stopPropagation}
      >
        {inline.map((action) => (
          <Tooltip key={action.label} content={action.label}>
            <Button
              variant="ghost"
              square
              tabIndex={-1}
              aria-label={action.label}
              disabled={action.disabled}
              icon={action.icon}
              onClick={action.onSelect}
            />
          </Tooltip>
        ))}
        <Button
          variant="ghost"
          square
          tabIndex={-1}
          aria-label="More actions"
          icon={<EllipsisIcon />}
          onClick={(event) => {
            openContextMenu(event.currentTarget)
          }}
        />
      </span>
    </div>
  )
}

export interface GroupRowProps extends LinePlace {
  readonly line: GroupLine
  readonly onToggle: (label: string) => void
}

/** The header of a group; a press folds it. */
export function GroupRow({ id, index, top, isCurrent, line, onToggle }: GroupRowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-expanded={line.isOpen}
      className={classNames(
        'absolute inset-x-0 flex h-8 items-center border-b border-line bg-sunken px-3 text-sm font-medium text-fg-2',
        isCurrent && keyboardRing,
      )}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        onToggle(line.label)
      }}
    >
      <span role="gridcell" className="flex items-center gap-2">
        {line.isOpen ? <ChevronDownIcon className="size-3.5" /> : <ChevronRightIcon className="size-3.5" />}
        {line.label}
        <span className="num font-normal text-fg-3">{line.count}</span>
      </span>
    </div>
  )
}
