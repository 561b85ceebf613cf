/** Names keep their capital in the middle of a sentence. */
const properNames = new Set(['Terraform', 'Docker', 'Kubernetes', 'Coder'])

/** A stage of a build in sentence case: servers write `Cleaning Up` beside `Setting up`. */
export function stageName(stage: string): string {
  return stage
    .split(' ')
    .map((word, index) =>
      index > 0 && /^[A-Z][a-z]+$/.test(word) && !properNames.has(word) ? word.toLowerCase() : word,
    )
    .join(' ')
}
