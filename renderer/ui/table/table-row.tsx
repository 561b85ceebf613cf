import type { MouseEvent } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Button } from '../button.tsx'
import { Checkbox } from '../checkbox.tsx'
import { ChevronDownIcon, ChevronRightIcon, EllipsisIcon } from '../icons.tsx'
import { isMenuAction, type MenuAction, type MenuItem } from '../menu-item.ts'
import { Tooltip } from '../tooltip.tsx'
import type { Column } from './column.ts'

export interface TableRowProps<Row> {
  readonly id: string
  readonly row: Row
  readonly rowKey: string
  readonly index: number
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly top: number
  readonly isCurrent: boolean
  /** undefined when rows cannot be selected. */
  readonly isSelected: boolean | undefined
  /** Its own actions, for the buttons at the right end; they are in the context menu too. */
  readonly actions: readonly MenuItem[]
  readonly onPress: (event: MouseEvent) => void
  readonly onToggle: (event: Event) => void
  readonly onMore: (element: HTMLElement) => void
}

/** A row: cells on the shared grid, selection at the left, actions at the right while hovered. */
export function TableRow<Row>(props: TableRowProps<Row>) {
  const { isCurrent, isSelected } = props
  return (
    <div
      id={props.id}
      role="row"
      data-row-key={props.rowKey}
      aria-rowindex={props.index + 2}
      aria-selected={isSelected}
      className={classNames(
        'group absolute inset-x-0 grid h-9 items-center gap-x-3 border-b border-line px-3',
        isSelected ? 'bg-selected' : 'hover:bg-hover has-data-popup-open:bg-hover',
        isCurrent &&
          "group-focus-visible/table:before:pointer-events-none group-focus-visible/table:before:absolute group-focus-visible/table:before:inset-0 group-focus-visible/table:before:rounded-sm group-focus-visible/table:before:outline-2 group-focus-visible/table:before:-outline-offset-2 group-focus-visible/table:before:outline-ring group-focus-visible/table:before:content-['']",
      )}
      style={{ gridTemplateColumns: props.template, transform: `translateY(${props.top}px)` }}
      onClick={props.onPress}
    >
      {isSelected === undefined ? null : (
        <div
          role="gridcell"
          className="flex items-center"
          onClick={(event) => {
            event.stopPropagation()
          }}
        >
          <Checkbox
            checked={isSelected}
            onChange={(_checked, event) => {
              props.onToggle(event)
            }}
            aria-label="Select row"
            tabIndex={-1}
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
          {column.cell(props.row)}
        </div>
      ))}
      {props.actions.length === 0 ? null : <RowActions actions={props.actions} onMore={props.onMore} />}
    </div>
  )
}

/** The buttons at the right end. Not in the tab order: the keyboard has the context menu with the same actions. */
function RowActions({
  actions,
  onMore,
}: {
  readonly actions: readonly MenuItem[]
  readonly onMore: (element: HTMLElement) => void
}) {
  const inline = actions.filter((item): item is MenuAction => isMenuAction(item) && item.inline === true)
  return (
    <div
      className="invisible absolute top-[3px] right-2 flex gap-0.5 rounded-md bg-float p-px ring-1 ring-line-strong group-hover:visible"
      onClick={(event) => {
        event.stopPropagation()
      }}
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
          onMore(event.currentTarget)
        }}
      />
    </div>
  )
}

export interface GroupLineProps {
  readonly id: string
  readonly label: string
  readonly count: number
  readonly isOpen: boolean
  readonly isCurrent: boolean
  readonly top: number
  readonly onToggle: () => void
}

/** The header of a group; a press folds it. */
export function GroupLine({ id, label, count, isOpen, isCurrent, top, onToggle }: GroupLineProps) {
  return (
    <div
      id={id}
      role="row"
      aria-expanded={isOpen}
      className={classNames(
        'absolute inset-x-0 flex h-8 items-center gap-2 border-b border-line bg-sunken px-3 text-sm font-medium text-fg-2',
        isCurrent &&
          'group-focus-visible/table:outline-2 group-focus-visible/table:-outline-offset-2 group-focus-visible/table:outline-ring',
      )}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onToggle}
    >
      <span role="gridcell" className="flex items-center gap-2">
        {isOpen ? <ChevronDownIcon className="size-3.5" /> : <ChevronRightIcon className="size-3.5" />}
        {label}
        <span className="num font-normal text-fg-3">{count}</span>
      </span>
    </div>
  )
}
