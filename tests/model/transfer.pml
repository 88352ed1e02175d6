/* SPDX-License-Identifier: Apache-2.0
 *
 * A transfer of the lead (docs/protocol/transfer.md): an originator that offers one process to A and to B, over channels
 * that lose, double and delay. With -DORIGINATOR_RESTORED a crash restores an old backup of the originator, once; with
 * -DRECEIVER_RESTORED one of A's.
 *
 * A list of statements is a number, because each has few forms that it can have:
 *   the originator's  0 nothing  1 offer  2 offer, cancel  3 offer, release  4 offer, release, discharged
 *   a receiver's      0 nothing  1 received  2 accept  3 conference, acceptance  4 assume  5 decline  6 cancelled
 * A node has its own list and its copy of the other's. A message is both. What is said anew after a restore counts as
 * the same here; that it differs by its hash, the seeded runs of the engines look at.
 *
 * Planted with -D, each of which must be found:
 *   TAKE_BACK  a release that nobody answers is taken back
 *   NO_RECALL  a restored node does not ask what it had said
 *   EARLY      a message leaves before the commit, which then fails
 * With -DONLY_LEADS two things under one number are no fault by themselves: what follows from them is looked for.
 *
 * verify: holds | |
 * verify: holds | -DRECEIVER_RESTORED |
 * verify: holds | -DORIGINATOR_RESTORED |
 * verify: finds | -DTAKE_BACK -DONLY_LEADS | assumed[0]&&assumed[1]
 * verify: finds | -DTAKE_BACK | assertion violated
 * verify: finds | -DNO_RECALL -DORIGINATOR_RESTORED | assertion violated
 * verify: finds | -DEARLY | assertion violated
 */
#define A 0
#define B 1

typedef Node {
  byte o, r;                 /* the originator's list, the receiver's */
  bit recalled = 1           /* holds what the other held when this node was restored */
};
Node orig[2], recv[2];       /* each of the transfer to A, and to B */
Node kept_orig[2], kept_a;   /* backups */
bit inc_orig, inc_a;         /* restored or not yet */
bit heard_orig[2], heard_a;  /* the other's incarnation, as it was heard */
bit assumed[2];              /* ever: for the claims alone */
bit forgets;                 /* the originator has, what it once had */

/* the two lists; the sender's incarnation; asks for a recall; answers one */
chan to[2] = [1] of { byte, byte, bit, bit, bit };
chan back[2] = [1] of { byte, byte, bit, bit, bit };

/* What goes on from `old`, and what is a part of it. */
#define goes_on_o(old, new) (new > old && (old <= 1 || (old == 3 && new == 4)))
#define is_part_o(old, new) (new == old || new == 0 || (new == 1 && old >= 1) || (new == 3 && old == 4))
#define goes_on_r(old, new) (new > old && (old <= 1 || (old == 2) || (old == 3 && new != 5)))
#define is_part_r(old, new) (new == old || new == 0 || (new == 1 && old >= 1) || (new == 2 && old >= 2) || (new == 3 && (old == 4 || old == 6)))

#ifdef ONLY_LEADS
#define CLAIM(claim) skip
#else
#define CLAIM(claim) assert(claim)
#endif

/* What neither goes on nor is a part: two things were said under one number. */
inline merge(node, new_o, new_r) {
  if
  :: goes_on_o(node.o, new_o) -> node.o = new_o
  :: else -> CLAIM(is_part_o(node.o, new_o))
  fi;
  if
  :: goes_on_r(node.r, new_r) -> node.r = new_r
  :: else -> CLAIM(is_part_r(node.r, new_r))
  fi
}

/* What is on its way is late for as long as one likes, comes as often as one likes, or is lost to what is sent next. */
inline post(c, node, inc, answers) {
  if
  :: full(c) -> c ? _, _, _, _, _
  :: nfull(c)
  fi;
  c ! node.o, node.r, inc, !node.recalled, answers
}

#define has_ended(t) (orig[t].o == 0 || orig[t].o == 4 || orig[t].r == 5 || orig[t].r == 6)
#define has_released (orig[A].o >= 3 || orig[B].o >= 3)
#define all_recalled (orig[A].recalled && orig[B].recalled)

proctype Originator() {
  byte t, o, r;
  bit i, asks, answers;
  do
  :: atomic {
       if :: t = A :: t = B fi;
       if
       /* To A first, unless that is forgotten: the other way round is the same. */
       :: orig[t].o == 0 && all_recalled && has_ended(1 - t) && !has_released &&
          (t == A || orig[A].o != 0 || forgets) -> orig[t].o = 1
       :: orig[t].o == 1 && orig[t].recalled && orig[t].r != 5 -> orig[t].o = 2
       :: orig[t].o == 1 && orig[t].r == 3 && all_recalled -> orig[t].o = 3
       :: orig[t].o == 3 && orig[t].r == 4 && orig[t].recalled ->
            assert(assumed[t]);  /* somebody else is accountable before this one is no longer */
            orig[t].o = 4
#ifdef TAKE_BACK
       :: orig[t].o == 3 && orig[t].r == 3 -> orig[t].o = 0; orig[t].r = 0; forgets = 1
#endif
#ifdef EARLY
       :: orig[t].o == 1 && orig[t].r == 3 && all_recalled && nfull(to[t]) -> to[t] ! 3, 3, inc_orig, 0, 0
#endif
       :: post(to[t], orig[t], inc_orig, 0)
       fi
     }
#ifdef ORIGINATOR_RESTORED
  :: atomic { /* loses all that came since */
       inc_orig == 0 -> inc_orig = 1; forgets = 1;
       orig[A].o = kept_orig[A].o; orig[A].r = kept_orig[A].r;
       orig[B].o = kept_orig[B].o; orig[B].r = kept_orig[B].r;
#ifndef NO_RECALL
       orig[A].recalled = 0; orig[B].recalled = 0
#endif
     }
  :: atomic { /* a backup is made */
       inc_orig == 0 ->
       kept_orig[A].o = orig[A].o; kept_orig[A].r = orig[A].r;
       kept_orig[B].o = orig[B].o; kept_orig[B].r = orig[B].r
     }
#endif
  :: atomic {
       if
       :: nempty(back[A]) -> t = A
       :: nempty(back[B]) -> t = B
       fi;
       if
       :: back[t] ? o, r, i, asks, answers
       :: back[t] ? <o, r, i, asks, answers>  /* and comes again */
       fi;
       if
       :: t == A && i < heard_a  /* of before A's restore: dropped */
       :: else ->
            if :: t == A -> heard_a = i :: else fi;
            merge(orig[t], o, r);
            if :: answers -> orig[t].recalled = 1 :: else fi;
            if :: asks -> post(to[t], orig[t], inc_orig, 1) :: else fi
       fi;
       o = 0; r = 0; i = 0; asks = 0; answers = 0
     }
  od
}

#define inc_of(t) (t == A && inc_a)

proctype Receiver(byte t) {
  byte o, r;
  bit i, asks, answers;
  do
  :: atomic {
       if
       :: recv[t].recalled && recv[t].o >= 1 && recv[t].r == 0 -> recv[t].r = 1
       :: recv[t].recalled && recv[t].o == 1 && recv[t].r == 1 -> recv[t].r = 2
       :: recv[t].recalled && recv[t].o == 1 && recv[t].r == 2 -> recv[t].r = 3
       :: recv[t].recalled && recv[t].o == 1 && (recv[t].r == 1 || recv[t].r == 2) -> recv[t].r = 5
       :: recv[t].recalled && recv[t].o == 2 && recv[t].r >= 1 && recv[t].r <= 3 -> recv[t].r = 6
       :: recv[t].recalled && recv[t].o >= 3 && recv[t].r == 3 ->
            recv[t].r = 4;
            assumed[t] = 1;
            assert(!(assumed[A] && assumed[B]))  /* one lead an epoch, ever */
       :: post(back[t], recv[t], inc_of(t), 0)
       fi
     }
#ifdef RECEIVER_RESTORED
  :: atomic { t == A && inc_a == 0 -> inc_a = 1;
       recv[A].o = kept_a.o; recv[A].r = kept_a.r;
#ifndef NO_RECALL
       recv[A].recalled = 0
#endif
     }
  :: atomic { t == A && inc_a == 0 -> kept_a.o = recv[A].o; kept_a.r = recv[A].r }
#endif
  :: atomic {
       if
       :: to[t] ? o, r, i, asks, answers
       :: to[t] ? <o, r, i, asks, answers>
       fi;
       if
       :: i < heard_orig[t]
       :: else ->
            heard_orig[t] = i;
            merge(recv[t], o, r);
            if :: answers -> recv[t].recalled = 1 :: else fi;
            if :: asks -> post(back[t], recv[t], inc_of(t), 1) :: else fi
       fi;
       o = 0; r = 0; i = 0; asks = 0; answers = 0
     }
  od
}

init {
  atomic { run Originator(); run Receiver(A); run Receiver(B) }
}
