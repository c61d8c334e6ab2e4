/* tree.h - changes a JSON document as a document. */
#ifndef FUZZ_TREE_H
#define FUZZ_TREE_H

#include <CRelaisFuzz.h>
#include <jansson.h>

/* Changes one value somewhere below `root`: its text, its number, its place, its being there at
 * all. */
void fuzz_change_tree(relais_fuzz *fuzz, json_t *root);

#endif
