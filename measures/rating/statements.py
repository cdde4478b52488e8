"""The statements that phones send most, written by hand: all SQL of the rating stands here.

Two hundred phones send them many times a second, and the ORM takes longer to compile one than a
database to answer it. ``saving`` runs them; tests check each against the ORM on random data.
"""

# How many measures are compared before the least rated of them comes next. Each phone draws others,
# so a hall is spread nearly as evenly as by comparing all, and not sent to one measure together
# (Mitzenmacher, Richa, Sitaraman: The Power of Two Random Choices, 2001).
COMPARED = 3
# The same where a ballot rates only some. Here the choice decides how many ratings a measure ends
# up with. In simulated rooms of 10 to 200 phones rating at once, 12 left the fewest measures short:
# 3 are less even, and all of them sends everybody who asks in the same seconds to the same one.
# However many: who comes last fills the gaps of all others, which tells of the order in which
# ballots came (tests/benchmarks/dealt.py). The page on what is stored says so.
COMPARED_WHEN_DEALT = 12

LOCK = "SELECT pg_advisory_xact_lock_shared(%(key)s);"

# What a round takes now, see Round.takes_now and Round.is_due; ``taken_from`` is the moment a grace
# ago. Of two choices the one with the higher turn stays, whichever comes last; one without any is
# the newest. Told is also whether the time was up, and whether it is by table. A ballot is found by
# its secret; by its participant only where the workshop links them. Subqueries where joins would
# do: PostgreSQL weighs all orders of joins, which took it five times as long as the answer.
VOTE = """
INSERT INTO measures_rating (ballot_id, measure_id, round_id, relevance, feasibility, turn)
SELECT ballot.id, measure.id, round.id, %(relevance)s, %(feasibility)s, %(turn)s
FROM measures_round AS round
JOIN measures_measure AS measure ON measure.workshop_id = round.workshop_id
JOIN workshops_ballot AS ballot ON ballot.workshop_id = round.workshop_id
WHERE round.workshop_id = %(workshop)s AND round.state = 'open'
    AND (round.closes_at IS NULL OR round.closes_at > %(taken_from)s)
    AND round.number = COALESCE(%(round)s, round.number)
    AND measure.number = %(number)s
    AND NOT measure.is_removed AND measure.merged_into_id IS NULL
    AND measure.id = (
        SELECT measure_id FROM measures_offer WHERE round_id = round.id AND measure_id = measure.id
    )
    AND measure.field_id = (
        SELECT actionfield_id FROM measures_round_open_fields
        WHERE round_id = round.id AND actionfield_id = measure.field_id
    )
    AND ballot.id = COALESCE(
        (
            SELECT id FROM workshops_ballot
            WHERE secret_hash = %(secret)s AND workshop_id = %(workshop)s
        ),
        (SELECT ballot_id FROM workshops_participant WHERE id = %(participant)s)
    )
    AND %(steps)s = (SELECT steps FROM workshops_workshop WHERE id = %(workshop)s)
    AND (NOT round.is_by_table OR EXISTS (
        SELECT 1 FROM measures_offer AS offer
        LEFT JOIN measures_offer_tables AS seat ON seat.offer_id = offer.id
        WHERE offer.round_id = round.id AND offer.measure_id = measure.id
            AND (seat.table_id IS NULL OR seat.table_id = ballot.table_id)
    ))
ON CONFLICT (measure_id, round_id, ballot_id)
    DO UPDATE SET relevance = excluded.relevance, feasibility = excluded.feasibility,
        turn = COALESCE(excluded.turn, measures_rating.turn)
    WHERE excluded.turn IS NULL OR excluded.turn > COALESCE(measures_rating.turn, 0) OR (
        excluded.turn = measures_rating.turn
        AND COALESCE(excluded.relevance, 0) = COALESCE(measures_rating.relevance, 0)
        AND COALESCE(excluded.feasibility, 0) = COALESCE(measures_rating.feasibility, 0)
    )
RETURNING ballot_id, round_id, EXISTS (
    SELECT 1 FROM measures_round WHERE id = round_id AND closes_at <= %(now)s
), (SELECT is_by_table FROM measures_round WHERE id = round_id)
"""

# Where each table rates its own measures: what this ballot's table does, and what everybody does.
# An offer may name several tables, and stays one row.
OF_TABLE = """
        AND offer.id IN (
            SELECT each_one.id FROM measures_offer AS each_one
            LEFT JOIN measures_offer_tables AS seat ON seat.offer_id = each_one.id
            WHERE each_one.round_id = %(round)s AND (
                seat.table_id IS NULL OR seat.table_id = (
                    SELECT table_id FROM workshops_ballot WHERE id = %(ballot)s
                )
            )
        )
"""

_NEXT = """
SELECT drawn.number FROM (
    SELECT measure.id, measure.number, MD5(%(lots)s || CAST(measure.id AS text)) AS lot
    FROM measures_offer AS offer
    JOIN measures_measure AS measure ON measure.id = offer.measure_id
    JOIN measures_round_open_fields AS open_field
        ON open_field.round_id = offer.round_id AND open_field.actionfield_id = measure.field_id
    WHERE offer.round_id = %(round)s
        AND NOT measure.is_removed AND measure.merged_into_id IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM measures_rating AS own WHERE own.ballot_id = %(ballot)s
                AND own.measure_id = measure.id AND own.round_id = offer.round_id
        )
        {of_table}
    ORDER BY lot LIMIT {compared}
) AS drawn
ORDER BY (
    SELECT COUNT(*) FROM measures_rating AS given
    WHERE given.measure_id = drawn.id AND given.round_id = %(round)s
), drawn.lot
LIMIT 1
"""
NEXT = _NEXT.format(of_table="", compared=COMPARED)
NEXT_AT_TABLE = _NEXT.format(of_table=OF_TABLE, compared=COMPARED)

# The next one where each ballot rates only some: nothing once it has rated as many as it is due, of
# the open ones the same share, rounded up, as of all; more to whoever asks for more or has gone on
# before. What other ballots of its own group rated counts first, then what all did. Others are
# drawn each time: from a fixed row of lots a ballot would rate the first ones, however many have.
NEXT_DEALT = f"""
SELECT drawn.number FROM (
    SELECT id, number, MD5(%(lots)s || CAST(rated AS text) || ':' || CAST(id AS text)) AS lot
    FROM (
        SELECT measure.id, measure.number,
            open_field.actionfield_id AS open_field, own.ballot_id AS own,
            COUNT(*) OVER () AS offered,
            COUNT(open_field.actionfield_id) OVER () AS open_now,
            COUNT(CASE WHEN open_field.actionfield_id IS NOT NULL THEN own.ballot_id END)
                OVER () AS rated
        FROM measures_offer AS offer
        JOIN measures_measure AS measure ON measure.id = offer.measure_id
        LEFT JOIN measures_round_open_fields AS open_field
            ON open_field.round_id = offer.round_id AND open_field.actionfield_id = measure.field_id
        LEFT JOIN measures_rating AS own
            ON own.measure_id = measure.id AND own.round_id = offer.round_id
            AND own.ballot_id = %(ballot)s
        WHERE offer.round_id = %(round)s
            AND NOT measure.is_removed AND measure.merged_into_id IS NULL
    ) AS each_one
    WHERE open_field IS NOT NULL AND own IS NULL AND (
        rated * offered < %(per_person)s * open_now
        OR (rated - %(beyond)s) * offered >= %(per_person)s * open_now
    )
    ORDER BY lot LIMIT {COMPARED_WHEN_DEALT}
) AS drawn
LEFT JOIN measures_rating AS given
    ON given.measure_id = drawn.id AND given.round_id = %(round)s
LEFT JOIN workshops_ballot AS rater ON rater.id = given.ballot_id
GROUP BY drawn.id, drawn.number, drawn.lot
ORDER BY COUNT(
    CASE WHEN COALESCE(rater.group_id, 0) = (
        SELECT COALESCE(group_id, 0) FROM workshops_ballot WHERE id = %(ballot)s
    ) THEN given.ballot_id END
), COUNT(given.ballot_id), drawn.lot
LIMIT 1
"""
