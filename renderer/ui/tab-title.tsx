export interface TabTitleProps {
  readonly title: string
  /** Something happened in it since it was last looked at. */
  readonly hasNews?: boolean | undefined
}

/** The words of a terminal's tab: a long name is cut, the number that tells two apart is not. */
export function TabTitle({ title, hasNews = false }: TabTitleProps) {
  const number = / \(\d+\)$/.exec(title)?.[0] ?? ''
  return (
    <>
      <span className="flex min-w-0" title={title}>
        <span className="cut">{title.slice(0, title.length - number.length)}</span>
        {number === '' ? null : <span className="num flex-none whitespace-pre">{number}</span>}
      </span>
      {hasNews ? (
        <span className="size-1.5 flex-none rounded-full bg-accent" title="New output">
          <span className="sr-only">, new output</span>
        </span>
      ) : null}
    </>
  )
}
