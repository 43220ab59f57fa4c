"""From a video's transcript to a summary, insights and topics, published as files.

Run by Millrace, or by hand: python3 main.py --params params.json --out folder
"""

import sys

from insights.pipeline import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
