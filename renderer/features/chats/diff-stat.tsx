/** Lines a chat added and took away. */
export function DiffStat({
  additions,
  deletions,
}: {
  readonly additions: number
  readonly deletions: number
}) {
  return (
    <span className="num">
      <span className="text-ok-fg">+{additions.toLocaleString()}</span>{' '}
      <span className="text-bad-fg">-{deletions.toLocaleString()}</span>
    </span>
  )
}
