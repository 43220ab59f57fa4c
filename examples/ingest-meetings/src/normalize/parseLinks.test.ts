import { parseChapters } from './parseChapters.ts';
import { parseLinks } from './parseLinks.ts';

describe('parseLinks', () => {
  it.each([
    ['https://a.example/x', ['https://a.example/x']],
    ['(https://a.example/x)', ['https://a.example/x']],
    ['see https://a.example/x.', ['https://a.example/x']],
    ['https://a.example/wiki/X_(y)', ['https://a.example/wiki/X_(y)']],
    [
      'Platform: https://a.example/ Demo: https://b.example/?v=1',
      ['https://a.example/', 'https://b.example/?v=1'],
    ],
    ['https://a.example https://a.example', ['https://a.example']],
    [
      'https://www.google.com/url?q=https://www.google.com/url?q%3Dhttps://a.example/d%26x%3D1',
      ['https://a.example/d'],
    ],
    ['data:text/html,hello', []],
    ['No available', []],
    ['https://', []],
  ])('finds the web addresses in %j', (text, links) => {
    expect(parseLinks(text)).toEqual(links);
  });
});

describe('parseChapters', () => {
  it('reads minutes and hours', () => {
    expect(
      parseChapters('0:54 Intros 2:15 - News: more 1:02:05 Questions'),
    ).toEqual([
      { startSeconds: 54, title: 'Intros' },
      { startSeconds: 135, title: 'News: more' },
      { startSeconds: 3725, title: 'Questions' },
    ]);
  });

  it('finds none in a text without times', () => {
    expect(parseChapters('no times at 19:0 or 2024')).toEqual([]);
  });
});
