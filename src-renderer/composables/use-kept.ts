import { type Ref, shallowRef, watch } from 'vue'

/** A choice of this window that outlasts it. What cannot be read any more counts as not chosen. */
export function useKept<Value>(key: string, start: Value): Ref<Value> {
  const kept = shallowRef(read(key, start))
  watch(kept, value => localStorage.setItem(key, JSON.stringify(value)))
  return kept
}

function read<Value>(key: string, start: Value): Value {
  try {
    const text = localStorage.getItem(key)
    return text === null ? start : (JSON.parse(text) as Value)
  } catch {
    return start
  }
}
