import { PausableTimer } from './PausableTimer';

describe('PausableTimer', () => {
  let rung: number;
  const timer = (ms: number) =>
    new PausableTimer(ms, () => {
      rung += 1;
    });

  beforeEach(() => {
    jest.useFakeTimers();
    rung = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('rings once, when it has run for its time', () => {
    const subject = timer(100);
    jest.advanceTimersByTime(1_000);
    expect(rung).toBe(0);
    subject.run();
    subject.run();
    jest.advanceTimersByTime(99);
    expect(rung).toBe(0);
    jest.advanceTimersByTime(1_000);
    expect(rung).toBe(1);
  });

  it('does not count the time that it is held', () => {
    const subject = timer(100);
    for (let round = 0; round < 3; round++) {
      subject.run();
      jest.advanceTimersByTime(30);
      subject.hold();
      jest.advanceTimersByTime(10_000);
    }
    expect(rung).toBe(0);
    subject.run();
    jest.advanceTimersByTime(10);
    expect(rung).toBe(1);
  });

  it('has its whole time again after a reset, running or held', () => {
    const subject = timer(100);
    subject.run();
    jest.advanceTimersByTime(90);
    subject.reset();
    jest.advanceTimersByTime(90);
    subject.hold();
    subject.reset();
    jest.advanceTimersByTime(1_000);
    expect(rung).toBe(0);
    subject.run();
    jest.advanceTimersByTime(99);
    expect(rung).toBe(0);
    jest.advanceTimersByTime(1);
    expect(rung).toBe(1);
  });
});
