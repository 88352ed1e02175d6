/* SPDX-License-Identifier: Apache-2.0
 *
 * A transfer of the lead (docs/protocol/transfer.md): an originator that offers one process to A and to B, over channels
 * that lose, double, delay and reorder, with a crash that restores an old backup of the originator and one of A's.
 *
 * A list of statements is a number, because each has few forms that it can have:
 *   the originator's  0 nothing  1 offer  2 offer, cancel  3 offer, release  4 offer, release, discharged
 *   a receiver's      0 nothing  1 received  2 accept  3 conference, acceptance  4 assume  5 decline  6 cancelled
 * Each node has its own list and its copy of the other's. A message is both, and which incarnation wrote it.
 *
 * Planted, each of which must be found: TAKE_BACK (a release that nobody answers is taken back), NO_RECALL (a restored
 * node does not ask what it had said), EARLY (a message leaves before the commit).
 *
 * What `printf` says is a path that tests/federation/transfer_model_test.cc takes with the real engines.
 */
#define A 0
#define B 1

typedef Node { byte o, r; bit recalled; }        /* what one side of a transfer holds */
Node orig[2], recv[2];                           /* of the transfer to A, to B */
Node backup_orig[2], backup_a;
bit inc_orig, inc_a;                             /* restored or not yet */
bit heard_orig[2], heard_a;                      /* the other's incarnation, as heard */
bit assumed[2];                                  /* ever, by whom: for the claims alone */

/* own list, other's, incarnation, answers a recall of the incarnation that it is written to */
chan to[2] = [2] of { byte, byte, bit, bit };    /* originator to receiver; the last: asks for a recall */
chan back[2] = [2] of { byte, byte, bit, bit };

#define extends_o(held, new) (new > held && (held == 0 || (held == 1) || (held == 3 && new == 4)))
#define extends_r(held, new) (new > held && (held <= 1 || (held == 2) || (held == 3 && new != 5)))
#define same_or_older_o(held, new) (new == held || new == 0 || (new == 1 && held > 0) || (new == 3 && held == 4))
#define same_or_older_r(held, new) (new == held || new < 1 || (new == 1 && held > 0) || (new == 2 && held > 1) || (new == 3 && (held == 4 || held == 6)))

/* A list that neither goes on from what is held nor is a part of it: two things were said under one number. */
inline merge(node, new_o, new_r) {
  if
  :: extends_o(node.o, new_o) -> node.o = new_o
  :: else -> assert(same_or_older_o(node.o, new_o))
  fi;
  if
  :: extends_r(node.r, new_r) -> node.r = new_r
  :: else -> assert(same_or_older_r(node.r, new_r))
  fi
}

#define has_ended(t) (orig[t].o == 0 || orig[t].o == 4 || orig[t].r == 5 || (orig[t].o == 2 && orig[t].r == 6))
#define all_recalled (orig[A].recalled && orig[B].recalled)
#define has_released (orig[A].o >= 3 || orig[B].o >= 3)

inline post(c, a, b, i, flag) {
  if
  :: nfull(c) -> c ! a, b, i, flag
  :: full(c)                                     /* lost */
  fi
}

proctype Originator() {
  byte t, o, r; bit i, flag;
  do
  :: atomic { t = A; goto_acts: skip;
       if
       :: t = A
       :: t = B
       fi;
       if
       :: orig[t].o == 0 && all_recalled && has_ended(1 - t) && !has_released ->
            orig[t].o = 1; printf("say o %d offer\n", t)
       :: orig[t].o == 1 && orig[t].recalled && orig[t].r != 5 ->
            orig[t].o = 2; printf("say o %d cancel\n", t)
       :: orig[t].o == 1 && orig[t].r == 3 && all_recalled ->
            orig[t].o = 3; printf("say o %d release\n", t)
       :: orig[t].o == 3 && orig[t].r == 4 && orig[t].recalled ->
            assert(assumed[t]); orig[t].o = 4; printf("say o %d discharged\n", t)
#ifdef TAKE_BACK
       :: orig[t].o == 3 && orig[t].r == 3 -> orig[t].o = 0; orig[t].r = 0; printf("take back %d\n", t)
#endif
#ifdef EARLY
       :: orig[t].o == 1 && orig[t].r == 3 && all_recalled -> post(to[t], 3, 3, inc_orig, 0)
#endif
       :: post(to[t], orig[t].o, orig[t].r, inc_orig, !orig[t].recalled)
       :: backup_orig[A].o = orig[A].o; backup_orig[A].r = orig[A].r;
          backup_orig[B].o = orig[B].o; backup_orig[B].r = orig[B].r; printf("backup o\n")
       :: inc_orig == 0 -> inc_orig = 1;
          orig[A].o = backup_orig[A].o; orig[A].r = backup_orig[A].r;
          orig[B].o = backup_orig[B].o; orig[B].r = backup_orig[B].r;
#ifndef NO_RECALL
          orig[A].recalled = 0; orig[B].recalled = 0;
#endif
          printf("restore o\n")
       fi }
  :: atomic {
       if
       :: back[A] ?? [o, r, i, flag] -> back[A] ?? o, r, i, flag; t = A
       :: back[B] ?? [o, r, i, flag] -> back[B] ?? o, r, i, flag; t = B
       fi;
       if
       :: t == A && i < heard_a                  /* of before A's restore */
       :: else ->
            if :: t == A -> heard_a = i :: else fi;
            merge(orig[t], o, r);
            if :: flag -> orig[t].recalled = 1 :: else fi
       fi }
  od
}

