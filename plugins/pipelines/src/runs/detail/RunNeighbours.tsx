import { useLocation, useNavigate } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Tooltip, TooltipTrigger } from '@backstage/ui';
import type { RunNeighbour } from '@millrace/backstage-plugin-pipelines-common';
import { useRunNeighbours } from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowDownSLine, RiArrowUpSLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { LIST_PARAMETER, readListText, withList } from '../listParameter';

/** Leads to the runs before and after this one in the list in which it was found; also by key. */
export function RunNeighbours({ runId }: { runId: string }) {
  const links = useRunLinks();
  const navigate = useNavigate();
  const { search } = useLocation();
  const parameters = new URLSearchParams(search);
  const list = parameters.get(LIST_PARAMETER);
  const { data = {} } = useRunNeighbours(runId, readListText(list));
  const tab = parameters.get('tab');
  const open = (neighbour: RunNeighbour | undefined) =>
    neighbour &&
    navigate(links.run(neighbour.id, withList(tab ? `?tab=${tab}` : '', list)));
  useSingleKeys({
    k: () => open(data.newer),
    j: () => open(data.older),
  });
  return (
    <>
      <Neighbour direction="newer" run={data.newer} onOpen={open} />
      <Neighbour direction="older" run={data.older} onOpen={open} />
    </>
  );
}

const KEYS = { newer: 'k', older: 'j' };
const ICONS = { newer: RiArrowUpSLine, older: RiArrowDownSLine };

function Neighbour(props: {
  direction: 'newer' | 'older';
  run: RunNeighbour | undefined;
  onOpen(run: RunNeighbour | undefined): void;
}) {
  const { direction, run, onOpen } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const Icon = ICONS[direction];
  const text = run
    ? t(`neighbours.${direction}`, {
        title: run.title,
        key: KEYS[direction],
      })
    : t(`neighbours.no.${direction}`);
  return (
    <TooltipTrigger>
      <ButtonIcon
        variant="tertiary"
        icon={<Icon />}
        aria-label={text}
        aria-keyshortcuts={KEYS[direction]}
        isDisabled={!run}
        onPress={() => onOpen(run)}
      />
      <Tooltip>{text}</Tooltip>
    </TooltipTrigger>
  );
}
