// Two lists side by side, by what identifies their elements; equal elements are counted.

export function compared(now, before, identity) {
  const left = new Map();
  for (const one of before) {
    const key = identity(one);
    left.set(key, [...(left.get(key) ?? []), one]);
  }
  const added = new Set(now.filter((one) => left.get(identity(one))?.shift() === undefined));
  return { isNew: (one) => added.has(one), gone: [...left.values()].flat() };
}
