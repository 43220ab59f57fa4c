import { formatLabels, parseLabels } from './labels';

describe('labels', () => {
  it('reads one label per line and nothing from empty lines', () => {
    expect(parseLabels('team=data\n\n year = 2025 ')).toEqual({
      labels: { team: 'data', year: '2025' },
    });
    expect(parseLabels('')).toEqual({ labels: {} });
  });

  it.each([
    ['no value sign', 'team=data\nyear', 2],
    ['a name that is not allowed', '=x', 1],
    ['a name that reaches the prototype', 'a=b\nconstructor=x', 2],
  ])('names the line with %s', (_, text, wrongLine) => {
    expect(parseLabels(text)).toEqual({ wrongLine });
  });

  it('refuses more labels than a run can have', () => {
    const text = Array.from({ length: 21 }, (_, n) => `l${n}=x`).join('\n');
    expect(parseLabels(text)).toEqual({ wrongLine: 21 });
  });

  it('writes labels in the form that it reads', () => {
    const labels = { team: 'data', path: 'a=b' };
    expect(parseLabels(formatLabels(labels))).toEqual({ labels });
  });
});
