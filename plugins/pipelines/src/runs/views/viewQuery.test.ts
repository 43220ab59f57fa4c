import { readRunsUrl } from '../runsUrl';
import { dropSpentView } from './dropSpentView';
import { viewQueryOf } from './viewQuery';

const VIEW = '019a0000-0000-7000-8000-000000000001';
const queryOf = (text: string) =>
  viewQueryOf(readRunsUrl(new URLSearchParams(text)).url);

describe('viewQueryOf', () => {
  it('keeps what makes the list, and neither its page nor its view', () => {
    expect(
      queryOf(
        `label.team=data&from=-7d&state=lost,failed&q=a%2Cb+c&cursor=x&size=25&view=${VIEW}&run=x`,
      ),
    ).toBe('state=failed,lost&q=a,b+c&from=-7d&label.team=data');
    expect(queryOf(`size=25&view=${VIEW}`)).toBe('');
  });

  it('is the same when it is read again', () => {
    const query = queryOf(
      'q=%26%23%25+%C3%BC&label.a%2Fb=x%20y&minDuration=60',
    );
    expect(query).toMatch(/^[\w*.%+=&,:@/~-]*$/);
    expect(queryOf(query)).toBe(query);
  });
});

describe('dropSpentView', () => {
  const drop = (previous: string, next: string) =>
    `${dropSpentView(
      new URLSearchParams(previous),
      new URLSearchParams(next),
    )}`;

  it('lets go of a view when nothing of it is left', () => {
    expect(drop(`view=${VIEW}&state=failed`, `view=${VIEW}&size=25`)).toBe(
      'size=25',
    );
  });

  it('keeps a view that says nothing, and one that is just being opened', () => {
    expect(drop(`view=${VIEW}`, `view=${VIEW}&size=25`)).toContain('view=');
    expect(drop('state=failed', `view=${VIEW}`)).toContain('view=');
  });
});
