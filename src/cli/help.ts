/** What `tillet --help` says. */
export const HELP = `tillet: software of a handheld payment terminal

  tillet start                the handheld and its host, ready to use in this terminal
  tillet run --script FILE    plays a script, writes its events, ends with 0, or 1 when something differed
  tillet tap --card FILE      a sale with a virtual card (test/cards) at the contactless reader; ends with 0 when it is approved
  tillet host                 the reference host alone; DATABASE_URL names a PostgreSQL server instead of the embedded one
  tillet provision --tid T --mid M --host NAME:PORT   a new terminal at the host, and its key file
  tillet rotate --tid T       this terminal is asked to sign on, which rotates its keys
  tillet block add            cards that no terminal takes, by --bins, --tokens or --file; terminals load the list over the link
  tillet block remove         takes them off it, likewise
  tillet block list           what is on it, and how many terminals have it
  tillet limits --tid T --limits ...   what this terminal may take, at the host; the terminal says that new settings wait
  tillet issuer-key --issuer NAME --keys FILE   loads the key that an issuer's chips are made from: 32 hexadecimal digits
  tillet parameters --file FILE   new parameters for taps at the host (docs/parameters.json); terminals load them
  tillet update key           a key that signs firmware (--out FILE), and its public half beside it; docs/updates.md
  tillet update sign BUNDLE   an update from a bundle, signed (--key FILE); its file is what update load takes
  tillet update load UPDATE   a signed update into the host (--key FILE.pub); terminals fetch it while they idle
  tillet flash --board NAME   firmware onto a board, --engine first, then --keys; run it again after any fault
  tillet console              what a board says, card numbers, tracks and keys masked; Ctrl-C leaves
  tillet doctor --board NAME  tests each peripheral of a board and its network: which wire or layer is wrong
  tillet flasher              a page that flashes and tests boards from the browser (Web Serial), on this machine only
  tillet journal FILE         what stands in an image of a terminal's flash (handheld.flash), masked; ends with 0 when it is whole
  tillet torture              days of trade with faults of every kind, and the money counted; ends with 0, or with 1 and the seed
  tillet peek --out DIR       pictures of every screen on each panel, and of every kind of receipt

  --engine node|espruino|jerry   what runs the firmware (run, start, tap); node unless given
  --panel text|oled|tft|touch    its display (run, start); text unless given
  --language en|zh               of its screens (run, start, provision); English unless given
  --data DIR                     state of host and handheld (all but run, tap and peek); ./data unless given
  --port N, --address A          where the host listens (host); 7583 on 127.0.0.1 unless given
  --host-key FILE                the host's key, kept elsewhere (all with --data but start); host.key in DIR unless given
  --log                          every message, with card numbers masked, to standard error (host)
  --test                         test mode: seeds the test cards and the factory's terminal (host)
  --printer NAME                 58, 80, 58-gbk, 80-gbk, 58-status or 58-mute (run); 58 unless given
  --receipt-code qr|bar          the transaction's reference as a symbol on the receipt (run)
  --seed N                       another seed for the board's randomness (run, tap); the first of torture's, else a fresh one
  --cuts                         instead: the power is cut in every place of every story of test/scripts (torture)
  --presses N                    instead: so many random keys, cards and cables (torture)
  --seeds N, --transactions N, --terminals N   seeds (20), transactions for each (500), handhelds at the host (3) (torture)
  --amount N                     minor units; 1250 unless given (tap)
  --verbose                      what passed between reader and card, masked, with times (tap)
  --cut N[:BYTES]                power goes in flash operation N, after BYTES of it (run)
  --keep DIR                     keeps the host's files and the flash image there (run)
  --png DIR                      pictures of the slips and the handheld (run)
  --memory                       the engine's memory at the end, to standard error (run)
  --keys FILE                    the terminal of a key file instead of the factory's test terminal (start), or onto a board (flash)
  --file FILE                    limits and applications as JSON (parameters); card numbers, one a line (block)
  --host2 NAME:PORT              the host's other address, for when the first cannot be reached (provision)
  --name TEXT, --place TEXT      the merchant on the receipt, when the MID is new (provision)
  --currency CODE                ISO 4217, EUR unless given (provision)
  --out FILE                     the key file, terminal-TID.json unless given (provision); the folder (peek)
  --renew                        a new key for a terminal that exists (provision)
  --no-rekey                     its chain is rotated without X25519 (provision)
  --tap hsu|off                  a contactless reader is built in, on its UART; off unless given (provision)
  --pin 4|0|off                  takes cardholders' PINs in blocks of ISO 9564-1 format 4 or 0; off unless given (provision)
  --tip PERCENT                  tips are taken, up to so much of the sale (provision)
  --cash N                       cash is taken, rounded to the least coin of N minor units (provision)
  --floor N                      swiped sales up to N minor units are taken without a link (provision)
  --sleep MINUTES                without a key until the panel goes dark, 0 for never; 10 unless given (provision)
  --finger r503|as608|off        a fingerprint sensor is built in for operators; off unless given (provision, run)
  --limits NAME=N,...            limits: transaction, refund, day, operator, stripe, tap, cash, offline, typed (minor units), count
                                 (a day), hours (without the host), repeat (minutes, 5; 0: nobody is asked), waiting (sales
                                 without a link, at most 8) (provision, limits)
  --bins N,..., --tokens T,...   prefixes of 6 to 8 digits and ranges of them; cards as block list shows them (block)
  --operators                    nobody does anything before an operator has logged in (provision, run, limits)
  --closed-loop                  the cards are your own: needed for PINs, as this is no PCI PTS device (provision)
  --port P                       serial port, or NAME:PORT of a serial server (flash, console, doctor); the only board unless given
  --board NAME                   wroom, cyd, s3 or linux: its firmware (flash), its wires (doctor)
  --bundle FILE                  another firmware bundle (flash)
  --engine IMAGE.bin[@OFFSET]    Espruino's image for the chip; once for each file of it (flash)
  --key FILE                     signs (update sign), or says who signed (update load)
  --version N                    another version than the package's (update sign)
  --erase-journal                gives up the sales that wait on the board; needs --keys (flash)
  --wifi FILE                    its network and password, a line each (flash)
  --erase-storage                deletes all files on the board, not only ours (flash)
  --help                         this text
`;
