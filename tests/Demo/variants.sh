#!/bin/sh
# Variants of three people of the 1000 Genomes Project against a piece of chromosome 17.
# --no-version and --no-PG keep the time and the command line out of the files.
set -eu
for i in 1 2 3; do
  samtools sort --no-PG -o "reads.$i.bam" "mpileup.$i.sam"
  samtools index "reads.$i.bam"
done
bcftools mpileup --no-version -f mpileup.ref.fa reads.1.bam reads.2.bam reads.3.bam 2>/dev/null |
  bcftools call --no-version -mv -Ov -o variants.vcf
grep -vc '^#' variants.vcf
