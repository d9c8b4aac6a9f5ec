import { onScopeDispose, readonly, shallowRef } from 'vue'

/** Values of the design tokens for drawings that CSS does not reach; asked again when the theme changes. */
export function useThemeColours<Name extends string>(names: readonly Name[]) {
  const read = () => {
    const style = getComputedStyle(document.documentElement)
    return Object.fromEntries(
      names.map(name => [name, style.getPropertyValue(`--${name}`).trim()]),
    ) as Record<Name, string>
  }
  const colours = shallowRef(read())
  const observer = new MutationObserver(() => (colours.value = read()))
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  })
  onScopeDispose(() => observer.disconnect())
  return readonly(colours)
}
