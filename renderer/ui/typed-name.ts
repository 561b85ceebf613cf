/**
 * Whether the typed words confirm the name. Spaces around it are forgiven, since a pasted name often carries one;
 * case is not, since two names may differ by case alone.
 */
export function matchesTypedName(typed: string, name: string): boolean {
  return typed.trim().normalize() === name.trim().normalize() && name.trim() !== ''
}
