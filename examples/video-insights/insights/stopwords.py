"""Words that say nothing about a topic."""

STOPWORDS = frozenset(
    """
    a about above across actually after again against all almost alone along already also although always am among
    an and another any anybody anyone anything are around as ask at away back be became because become been before
    began behind being below between both but by call came can cannot case certain come could day did didn't do does
    doesn't doing don't done down during each either else end enough even ever every everybody everyone everything
    far few find first for from full further gave get gets getting give given go goes going gone good got great had
    has have having he hear help her here herself him himself his how however i i'd i'll i'm i've if in indeed
    instead into is isn't it it's its itself just keep kind knew know known large last later least less let let's
    like likely little long look looked lot lots made make makes making many may maybe me mean might mine more most
    mostly much must my myself need never new next no nobody none nor not nothing now of off often okay old on once
    one ones only onto or other others our ours out over own part people per perhaps put quite rather really right
    said same saw say says second see seem seemed seen several shall she should since small so some somebody someone
    something sometimes soon still such sure take taken tell than thank thanks that that's the their theirs them
    themselves then there there's these they they're thing things think this those though three through thus time
    times to today together told too took toward try turn two under until up upon us use used using usually very
    want was wasn't way we we'll we're we've well went were weren't what what's when where whether which while who
    whole whom whose why will with within without won't word words work would wouldn't yeah year yes yet you you'd
    you'll you're you've your yours yourself
    """.split()
)
