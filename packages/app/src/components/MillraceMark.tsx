/** The sign of Millrace: a mill wheel over running water, in the colour of the text. */
export function MillraceMark(props: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      fill="none"
      strokeLinecap="round"
      aria-hidden="true"
      className={props.className}
    >
      <g stroke="currentColor" strokeWidth="2">
        <circle cx="16" cy="12" r="9" />
        <path d="M16 3v18M7 12h18M9.6 5.6l12.8 12.8M22.4 5.6L9.6 18.4" />
      </g>
      <path
        d="M2 27c2.3-2.4 4.7-2.4 7 0s4.7 2.4 7 0 4.7-2.4 7 0 4.7 2.4 7 0"
        stroke="var(--bui-fg-announcement, #5cd0e6)"
        strokeWidth="2.8"
      />
    </svg>
  );
}
